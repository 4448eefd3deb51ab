import type { Ctx } from '../context.ts'
import { organizerKey } from '../organizer/organizer.ts'
import { isSessionLive, Session, SessionFailure, sessionKey, sessionsOf } from './session.ts'

/** A person has few; older ones beyond are not listed, and end by themselves. */
const LISTED_MAX = 200

type Listed = { readonly session: Session; readonly key: { readonly pk: string; readonly sk: string } }

async function liveOf(ctx: Ctx, address: string): Promise<readonly Listed[]> {
  const { items } = await ctx.table.query({
    index: 'gsi2',
    pk: sessionsOf(ctx, address),
    descending: true,
    limit: LISTED_MAX,
  })
  return items
    .map((item) => ({ session: Session.parse(item), key: { pk: item.pk, sk: item.sk } }))
    .filter(({ session }) => isSessionLive(session, ctx.clock.now()))
}

/** Where somebody is signed in, the newest first. */
export async function listSessions(ctx: Ctx, address: string): Promise<readonly Session[]> {
  return (await liveOf(ctx, address)).map(({ session }) => session)
}

/** Ends one session at once; again it changes nothing. Throws `session.not_found` for one of nobody, or of somebody else. */
export async function endSession(
  ctx: Ctx,
  { address, sessionId }: Pick<Session, 'address' | 'sessionId'>,
): Promise<void> {
  const found = (await liveOf(ctx, address)).find(({ session }) => session.sessionId === sessionId)
  if (found === undefined) throw SessionFailure.not_found('There is no such session.')
  await ctx.table.write({ kind: 'delete', key: found.key })
}

/** Signs somebody out everywhere: sessions and links from before let nobody in, listed or not. Answers how many of the listed ones there were. */
export async function endSessions(ctx: Ctx, address: string): Promise<number> {
  const ended = await liveOf(ctx, address)
  await ctx.table.write({
    kind: 'update',
    key: organizerKey(address),
    set: { signedOutAt: ctx.clock.now() },
    when: { row: 'present' },
  })
  for (const { key } of ended) await ctx.table.write({ kind: 'delete', key })
  return ended.length
}

/** The same less the session of this token, which is given a new beginning. */
export async function endOtherSessions(ctx: Ctx, token: string, { address, sessionId }: Session): Promise<void> {
  const others = (await liveOf(ctx, address)).filter(({ session }) => session.sessionId !== sessionId)
  const now = ctx.clock.now()
  await ctx.table.transact([
    { kind: 'update', key: organizerKey(address), set: { signedOutAt: now }, when: { row: 'present' } },
    { kind: 'update', key: sessionKey(ctx, token), set: { createdAt: now, lastUsedAt: now }, when: { row: 'present' } },
  ])
  for (const { key } of others) await ctx.table.write({ kind: 'delete', key })
}

/** Ends the session of a cookie's token, whoever's it is. */
export async function signOut(ctx: Ctx, token: string): Promise<void> {
  await ctx.table.write({ kind: 'delete', key: sessionKey(ctx, token) })
}
