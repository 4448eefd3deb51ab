import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { personPartition } from './person.ts'

/** A day's work; renewed by signing in again, never by being used. */
export const SESSION_SECONDS = 12 * 3600

/** After signing in somebody is taken for himself so long, also for what a stranger at his desk would do. */
const FRESH_MS = 10 * 60_000

/** Somebody signed in from one browser. The token is in his cookie and nowhere else; its hash is the key. Times are epoch milliseconds. */
export const Session = z.object({
  /** Names it in lists; nothing can be done with it alone. */
  sessionId: z.string(),
  tokenSha256: z.string(),
  personId: z.string(),
  createdAt: z.number(),
  endsAt: z.number(),
  /** How he proved who he is; absent: by a mailed link. */
  signedInBy: z.enum(['link', 'passkey']).exactOptional(),
  ipAddress: z.string().exactOptional(),
  userAgent: z.string().exactOptional(),
  /** `vendor` or a licensee's id: whom he acts for now. */
  organizationName: z.string().exactOptional(),
  /** The vendor's person looks through a licensee's eyes. */
  impersonation: z
    .object({ licenseeId: z.string(), reason: z.string(), ticket: z.string(), until: z.number() })
    .exactOptional(),
})
export type Session = z.infer<typeof Session>

export const SessionFailure = defineFailures('session', {
  not_found: { status: 404, retry: false },
  /** He must show again that it is he. */
  not_fresh: { status: 403, retry: false },
})

export function sessionKey(tokenSha256: string): TableKey {
  return { pk: `session#${tokenSha256}`, sk: 'session' }
}

/** Among the person's rows: says which hash a listed session has. */
export function sessionPointerKey(personId: string, sessionId: string): TableKey {
  return { pk: personPartition(personId), sk: `session#${sessionId}` }
}

/** Named after its hash, so that a list of sessions opens none. */
export function sessionIdOf(ctx: Pick<Ctx, 'sha256'>, tokenSha256: string): string {
  return `ses_${ctx.sha256(`session:${tokenSha256}`).slice(0, 26)}`
}

export function isFresh(ctx: Pick<Ctx, 'clock'>, { createdAt }: Session): boolean {
  return ctx.clock.now() - createdAt < FRESH_MS
}

export function newSessionWrites(session: Session): readonly WriteOperation[] {
  const expiresAt = Math.ceil(session.endsAt / 1000)
  return [
    { kind: 'put', item: { ...sessionKey(session.tokenSha256), ...session, expiresAt }, when: { row: 'absent' } },
    {
      kind: 'put',
      item: { ...sessionPointerKey(session.personId, session.sessionId), tokenSha256: session.tokenSha256, expiresAt },
    },
  ]
}

export function endSessionWrites({ tokenSha256, personId, sessionId }: Session): readonly WriteOperation[] {
  return [
    { kind: 'delete', key: sessionKey(tokenSha256) },
    { kind: 'delete', key: sessionPointerKey(personId, sessionId) },
  ]
}
