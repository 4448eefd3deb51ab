import type { Context } from 'hono'
import * as z from 'zod'

/** What API Gateway knows of the connection; a header anybody could set. */
const GatewayRequest = z.object({
  requestContext: z.object({ identity: z.object({ sourceIp: z.string().min(1) }) }),
})

/** Where a request came from; undefined when something else than the gateway calls the function. */
export function sourceAddressOf(c: Context): string | undefined {
  const known = GatewayRequest.safeParse(c.env)
  return known.success ? known.data.requestContext.identity.sourceIp : undefined
}
