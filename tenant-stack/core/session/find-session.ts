import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { isSessionLive, SESSION_NOTED_SECONDS, Session, sessionKey } from './session.ts'

const TOKEN = /^[0-9a-z]{26}$/

/** The live session of a cookie's token; undefined for anything else. */
export async function findSession(ctx: Ctx, token: string): Promise<Session | undefined> {
  if (!TOKEN.test(token)) return undefined
  const row = await ctx.table.get(sessionKey(ctx, token))
  const session = row === undefined ? undefined : Session.parse(row)
  if (session === undefined || !isSessionLive(session, ctx.clock.now())) return undefined
  await noteUse(ctx, token, session)
  return session
}

/** A row that was ended meanwhile must not come back; nobody is refused because it failed. */
async function noteUse(ctx: Ctx, token: string, { lastUsedAt }: Session): Promise<void> {
  const now = ctx.clock.now()
  if (now - lastUsedAt < SESSION_NOTED_SECONDS * 1000) return
  try {
    await ctx.table.write({
      kind: 'update',
      key: sessionKey(ctx, token),
      set: { lastUsedAt: now },
      when: { row: 'present' },
    })
  } catch (error) {
    if (!isFailure(error)) throw error
    if (error.code !== 'table.condition_failed') ctx.log.warn({ at: 'session.use_not_noted', code: error.code })
  }
}
