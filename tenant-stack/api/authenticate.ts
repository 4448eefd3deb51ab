import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ApiScope } from '#shared/contracts/api.ts'
import { type Principal, principalOfKey, principalOfSession } from '#tenant-stack/core/access/principal.ts'
import { findApiKey } from '#tenant-stack/core/api-key/find-key.ts'
import { assertLicensed } from '#tenant-stack/core/licence-standing/held-work.ts'
import { findSession } from '#tenant-stack/core/session/find-session.ts'
import type { ApiEnv } from './env.ts'
import { ApiFailure } from './problem.ts'
import { isSafe } from './sign-in/same-origin.ts'
import { sessionTokenOf } from './sign-in/session-cookie.ts'
import { takeRate } from './take-rate.ts'

/**
 * Lets a request in by `Authorization: Bearer …` or `x-api-key`, or where the host takes sessions by the cookie of one; if who asks has every scope, and a
 * request left this minute. An organizer is let in for what the path names and is his. One that changes something needs a licence.
 */
export function requireScope(scope: ApiScope, ...more: readonly ApiScope[]) {
  return letIn([scope, ...more], false)
}

/** The same for a path that names nothing: its handler gives an organizer only what is his own (`ownOf`). */
export function requireScopeForOwn(scope: ApiScope) {
  return letIn([scope], true)
}

/** The organizer whose things alone are answered; undefined: all are. */
export function ownOf(c: Context<ApiEnv>): string | undefined {
  return c.var.guards.ownOf(c.var.principal)
}

function letIn(scopes: readonly ApiScope[], isOwnWithoutName: boolean) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const { ctx, guards } = c.var
    const principal = await principalOf(c)
    await takeRate(c, principal)
    const lacked = guards.lacking(principal, scopes)
    if (lacked !== undefined)
      throw ApiFailure.forbidden(
        principal.kind === 'key' ? `This key lacks the scope ${lacked}.` : `This needs the right ${lacked}.`,
      )
    if (principal.kind === 'person' && !isSafe(c) && !guards.isOwnOrigin(c, ctx))
      throw ApiFailure.forbidden('A change that a cookie allows must come from a page of this host.')
    const organizer = guards.ownOf(principal)
    if (organizer !== undefined && (await guards.assertOwn(ctx, organizer, c.req.param())) === 'names_nothing')
      if (!isOwnWithoutName) throw ApiFailure.forbidden('This is of the whole domain: an administrator may see it.')
    // Before the idempotency of a route: a refusal must not be kept as the answer to a key.
    if (!isSafe(c)) await assertLicensed(ctx)
    c.set('principal', principal)
    await next()
  })
}

async function principalOf(c: Context<ApiEnv>): Promise<Principal> {
  const { ctx, takesSessions } = c.var
  const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const secret = bearer ?? c.req.header('x-api-key')
  const apiKey = secret === undefined ? undefined : await findApiKey(ctx, secret)
  if (apiKey !== undefined) return principalOfKey(apiKey)
  const token = takesSessions && secret === undefined ? sessionTokenOf(c, ctx) : undefined
  const session = token === undefined ? undefined : await findSession(ctx, token)
  const person = session === undefined ? undefined : await principalOfSession(ctx, session)
  if (person !== undefined) return person
  throw ApiFailure.unauthorized('Send a valid key as "Authorization: Bearer cvk_…" or in the header x-api-key.')
}
