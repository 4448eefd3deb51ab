import { flushCompileCache } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'
import { isFailure } from '#shared/errors/failure.ts'
import { type ChildMessage, stopMessage } from './child-message.ts'

// The life of a process that does the work, under its supervisor; killed at any moment, it loses nothing.

export type OpenedChild =
  | {
      readonly kind: 'opened'
      /** By the settings' names. */
      readonly ports: Readonly<Record<string, number>>
      readonly told: unknown
      readonly close: () => Promise<void>
    }
  | { readonly kind: 'refused'; readonly message: string }

/** A predecessor that was told to end may hold the folder a moment longer. */
const folderWaitMilliseconds = 5000
const folderLookMilliseconds = 50
/** What has not ended by then is cut off; it is found again at the next start. */
const endMilliseconds = 8000

/**
 * Lives as a working child: owns its data, opens, tells its supervisor, and ends when it is told to or the supervisor is gone.
 * `own` throws `store.folder_in_use` while somebody else has the data.
 */
export function liveAsChild(life: {
  readonly own: () => { release(): void }
  readonly open: () => Promise<OpenedChild>
}): void {
  let close: (() => Promise<void>) | undefined
  let isEnding = false

  async function open(): Promise<void> {
    // Held until the process ends, however it ends.
    const lock = await waitForFolder(life.own)
    if (lock === undefined) return
    process.once('exit', () => lock.release())
    const opened = await life.open()
    if (opened.kind === 'refused') return refuse(opened.message)
    close = opened.close
    if (isEnding) return end()
    process.send?.({ kind: 'ready', ports: opened.ports, told: opened.told } satisfies ChildMessage)
    flushCompileCache()
  }

  async function end(): Promise<void> {
    await close?.()
    process.exit(0)
  }

  function endSoon(): void {
    if (isEnding) return
    isEnding = true
    setTimeout(() => process.exit(1), endMilliseconds).unref()
    // While it opens there is nothing to finish; `open` ends it.
    if (close !== undefined) void end()
  }

  process.on('message', (message) => {
    if (message === stopMessage) endSoon()
  })
  process.on('SIGTERM', endSoon)
  // Ctrl+C reaches the whole group; the supervisor says when to end.
  process.on('SIGINT', () => undefined)
  // The supervisor is gone, even by kill -9: nobody would ever end this process.
  process.on('disconnect', endSoon)
  // It may have gone while this file was loading, when nobody listened yet.
  if (process.send !== undefined && !process.connected) endSoon()

  open().catch((error: unknown) => {
    if (isFailure(error)) return refuse(error.message)
    throw error
  })
}

async function waitForFolder<T>(own: () => T): Promise<T | undefined> {
  const until = performance.now() + folderWaitMilliseconds
  for (;;) {
    try {
      return own()
    } catch (error) {
      if (isSystemError(error)) {
        refuse(`The data folder (CONVOKE_DATA) cannot be used: ${error.message}`)
        return undefined
      }
      if (!isFailure(error, 'store.folder_in_use') || performance.now() > until) throw error
      await pause(folderLookMilliseconds)
    }
  }
}

/** Whatever is half open goes with the process, once the message is out. */
function refuse(message: string): void {
  if (process.send === undefined) process.exit(1)
  process.send({ kind: 'refused', message } satisfies ChildMessage, () => process.exit(1))
}

/** Such as EACCES or ENOTDIR: the machine says no, and will again. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}
