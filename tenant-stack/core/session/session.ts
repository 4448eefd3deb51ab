import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'

/** A session that is not used so long ends. */
export const SESSION_IDLE_SECONDS = 7 * 86_400
/** However much it is used. */
export const SESSION_SECONDS = 30 * 86_400
/** Its last use is noted so often at most: no write for each request. */
export const SESSION_NOTED_SECONDS = 3600

/** A browser that somebody has signed in with; one row under the hash of what its cookie holds. Times are epoch milliseconds. */
export const Session = z.object({
  sessionId: z.string(),
  /** Of whom, normalized. */
  address: z.string(),
  createdAt: z.number(),
  lastUsedAt: z.number(),
  /** What the browser says it is, cut short. */
  userAgent: z.string(),
})
export type Session = z.infer<typeof Session>

export const SessionFailure = defineFailures('session', {
  not_found: { status: 404, retry: false },
  /** The link to sign in is older than its minutes, was used, or is of nobody. */
  bad_link: { status: 410, retry: false },
})

export function sessionKey(ctx: Pick<Ctx, 'sha256'>, token: string) {
  return sessionKeyOf(ctx.sha256(token))
}

export function sessionKeyOf(hash: string) {
  return { pk: `session#${hash}`, sk: 'session' }
}

/** Index partition of a person's sessions. */
export function sessionsOf(ctx: Pick<Ctx, 'sha256'>, address: string): string {
  return `sessions#${ctx.sha256(address)}`
}

export function isSessionLive({ createdAt, lastUsedAt }: Session, now: number): boolean {
  return now < lastUsedAt + SESSION_IDLE_SECONDS * 1000 && now < createdAt + SESSION_SECONDS * 1000
}
