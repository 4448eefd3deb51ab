import { openSmtpSession, type SmtpServer, type SmtpSession } from './smtp-session.ts'

/** After this many mails a connection is made anew, as busy servers demand. */
const MAILS_PER_SESSION_MAX = 100

export type Lease = { readonly session: SmtpSession; readonly isReused: boolean }

/** A few connections shared by many sends. */
export type SmtpPool = {
  /** Waits for a free place, then gives an idle connection or a new one; throws when none can be opened. */
  readonly take: () => Promise<Lease>
  readonly give: (session: SmtpSession) => void
  readonly close: () => void
}

export function createSmtpPool(server: SmtpServer, options: { connectionsMax: number; idleSeconds: number }): SmtpPool {
  const idle = new Set<SmtpSession>()
  const mailCounts = new WeakMap<SmtpSession, number>()
  const waiting: (() => void)[] = []
  let taken = 0
  let isClosed = false

  async function place(): Promise<void> {
    if (taken >= options.connectionsMax) await new Promise<void>((resolve) => waiting.push(resolve))
    else taken += 1
  }

  /** Hands the place on to the longest waiter, or gives it up. */
  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) taken -= 1
    else next()
  }

  function takeIdle(): SmtpSession | undefined {
    for (const session of idle) {
      idle.delete(session)
      if (session.isOpen()) return session
    }
    return undefined
  }

  function rest(session: SmtpSession): void {
    idle.add(session)
    const count = mailCounts.get(session)
    setTimeout(() => {
      // Used in between: its next rest has a timer of its own.
      if (mailCounts.get(session) === count && idle.delete(session)) session.quit()
    }, options.idleSeconds * 1000).unref()
  }

  return {
    async take() {
      await place()
      const session = takeIdle()
      if (session !== undefined) return { session, isReused: true }
      try {
        return { session: await openSmtpSession(server), isReused: false }
      } catch (error) {
        leave()
        throw error
      }
    },
    give(session) {
      const count = (mailCounts.get(session) ?? 0) + 1
      mailCounts.set(session, count)
      if (isClosed || count >= MAILS_PER_SESSION_MAX) session.quit()
      else if (session.isOpen()) rest(session)
      leave()
    },
    close() {
      isClosed = true
      for (const session of idle) session.quit()
      idle.clear()
    },
  }
}
