import { flushCompileCache } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'
import { parseEnvironment } from '#shared/contracts/environment.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { ownDataFolder } from '#tenant-stack/wire.ts'
import { type ChildMessage, stopMessage } from './child-message.ts'
import { openProduct, type Product } from './product.ts'

// The process that does the work, under its supervisor; killed at any moment, it loses nothing.

/** A predecessor that was told to end may hold the folder a moment longer. */
const folderWaitMilliseconds = 5000
const folderLookMilliseconds = 50
/** What has not ended by then is cut off; it is found again at the next start. */
const endMilliseconds = 8000

let product: Product | undefined
let isEnding = false

async function open(): Promise<void> {
  const environment = parseEnvironment(process.env)
  // Held until the process ends, however it ends.
  const lock = await waitForFolder(() => ownDataFolder(environment))
  if (lock === undefined) return
  process.once('exit', () => lock.release())
  const opened = await openProduct(environment, {
    isHttpPortChosen: isSet('CONVOKE_HTTP_PORT'),
    isSmtpPortChosen: isSet('CONVOKE_SMTP_PORT'),
  })
  if (opened.kind === 'refused') return refuse(opened.message)
  product = opened.product
  if (isEnding) return end()
  tell({ kind: 'ready', ...product.opened })
  flushCompileCache()
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

async function end(): Promise<void> {
  if (product !== undefined) await product.close()
  process.exit(0)
}

function endSoon(): void {
  if (isEnding) return
  isEnding = true
  setTimeout(() => process.exit(1), endMilliseconds).unref()
  // While it opens there is nothing to finish; `open` ends it.
  if (product !== undefined) void end()
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

function tell(message: ChildMessage): void {
  process.send?.(message)
}

function isSet(name: string): boolean {
  return (process.env[name] ?? '').trim() !== ''
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
