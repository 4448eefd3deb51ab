import type { Context } from 'hono'
import type { SystemName } from '#control-plane/core/actor.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import type { ApiEnv, ControlCtx } from './env.ts'

/** Longest user agent that is worth keeping. */
const USER_AGENT_MAX = 200

/** Where the request came from, for the audit row. */
export function callerOf(c: Context<ApiEnv>): NonNullable<Ctx['caller']> {
  const ipAddress = c.var.deps.ipAddressOf(c)
  const userAgent = c.req.header('user-agent')?.slice(0, USER_AGENT_MAX)
  return {
    requestId: c.var.requestId,
    ...(ipAddress === undefined ? {} : { ipAddress }),
    ...(userAgent === undefined ? {} : { userAgent }),
  }
}

/** What the API does before it knows who asks, or on nobody's behalf. */
export function systemCtx(c: Context<ApiEnv>, system: SystemName = 'sign_in'): ControlCtx {
  return c.var.deps.ctxFor({ actor: { type: 'system', id: system }, scope: { kind: 'all' }, caller: callerOf(c) })
}
