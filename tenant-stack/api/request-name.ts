import type { Context } from 'hono'
import type { ApiEnv } from './env.ts'

/** Names a request by who asks, its Idempotency-Key and all it says; one without an Idempotency-Key is like no other. */
export async function requestNameOf(c: Context<ApiEnv>): Promise<string> {
  const { ctx, principal, requestId } = c.var
  const header = c.req.header('idempotency-key')
  if (header === undefined || header === '') return `api_${requestId}`
  const said = [principal.actorId, header, c.req.method, c.req.url, c.req.header('if-match') ?? '', await c.req.text()]
  return `api_${ctx.sha256(said.join('\n'))}`
}
