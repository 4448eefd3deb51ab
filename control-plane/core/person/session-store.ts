import * as z from 'zod'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { personPartition } from './person.ts'
import { endSessionWrites, Session, SessionFailure, sessionKey, sessionPointerKey } from './session.ts'

/** Sessions of one person that a list shows. */
const SESSIONS_MAX = 100

const Pointer = z.object({ tokenSha256: z.string() })

/** The live session of a token; undefined for anything else. */
export async function findSession(ctx: Ctx, token: string): Promise<Session | undefined> {
  return findSessionByHash(ctx, ctx.sha256(token))
}

async function findSessionByHash(ctx: Ctx, tokenSha256: string): Promise<Session | undefined> {
  const row = await ctx.table.get(sessionKey(tokenSha256))
  const session = row === undefined ? undefined : Session.parse(row)
  return session !== undefined && session.endsAt > ctx.clock.now() ? session : undefined
}

/** A person's live sessions, newest first. */
export async function listSessions(ctx: Ctx, personId: string): Promise<readonly Session[]> {
  const page = await ctx.table.query({
    pk: personPartition(personId),
    sk: { beginsWith: 'session#' },
    limit: SESSIONS_MAX,
  })
  const sessions = await Promise.all(page.items.map((item) => findSessionByHash(ctx, Pointer.parse(item).tokenSha256)))
  return sessions.filter((session) => session !== undefined).toSorted((a, b) => b.createdAt - a.createdAt)
}

/** Ends one of a person's own sessions, at once and everywhere. Throws `session.not_found`. */
export async function endSession(
  ctx: Ctx,
  input: { readonly personId: string; readonly sessionId: string },
): Promise<void> {
  const pointer = await ctx.table.get(sessionPointerKey(input.personId, input.sessionId))
  const session = pointer === undefined ? undefined : await findSessionByHash(ctx, Pointer.parse(pointer).tokenSha256)
  if (session === undefined) throw SessionFailure.not_found('There is no such session.')
  await commit(ctx, {
    operations: endSessionWrites(session),
    audit: { action: 'session.ended', target: { kind: 'session', id: session.sessionId } },
  })
}
