import { setTimeout as pause } from 'node:timers/promises'

export type WantedPort = {
  /** Its setting, for the message. */
  readonly setting: string
  readonly port: number
  /** The person named it: another one is suggested, not taken. */
  readonly isChosen: boolean
}

export type Opened<T> =
  | { readonly kind: 'opened'; readonly door: T; readonly movedFrom?: number }
  | { readonly kind: 'refused'; readonly message: string }

/** A port of a process that has just died may be free only a moment later. */
const tries = 5
const tryAgainMilliseconds = 150

/**
 * Opens a door at the wanted port. When it is taken: a default port gives way to a free one, a chosen port is an error that
 * names the setting and a port that is free now.
 */
export async function openAtPort<T extends { readonly port: number; close(): Promise<void> }>(
  wanted: WantedPort,
  open: (port: number) => Promise<T>,
): Promise<Opened<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { kind: 'opened', door: await open(wanted.port) }
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EACCES') return { kind: 'refused', message: notAllowed(wanted) }
      if (code === 'EADDRNOTAVAIL') return { kind: 'refused', message: notOurs(wanted) }
      if (code !== 'EADDRINUSE') throw error
      if (!wanted.isChosen) return { kind: 'opened', door: await open(0), movedFrom: wanted.port }
      if (attempt < tries) await pause(tryAgainMilliseconds)
      else return { kind: 'refused', message: taken(wanted, await freePort(open)) }
    }
  }
}

async function freePort<T extends { readonly port: number; close(): Promise<void> }>(
  open: (port: number) => Promise<T>,
): Promise<number> {
  const door = await open(0)
  await door.close()
  return door.port
}

function taken({ port, setting }: WantedPort, free: number): string {
  return `Port ${port} (${setting}) is taken by another program. Port ${free} is free now: ${setting}=${free} npm start`
}

function notAllowed({ port, setting }: WantedPort): string {
  return `This user may not listen on port ${port} (${setting}). Ports above 1023 are open to everyone.`
}

function notOurs({ setting }: WantedPort): string {
  return `${setting.replace('PORT', 'HOST')} is not an address of this machine.`
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
