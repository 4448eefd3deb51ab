import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { createApi } from '#tenant-stack/api/app.ts'
import type { ReferenceScript } from '#tenant-stack/api/reference.ts'
import { createConsole } from '#tenant-stack/api/sign-in/console.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { createPages } from '#tenant-stack/pages/app.ts'

/** A form with one button. */
const FORM_BYTES_MAX = 64 * 1024

/**
 * What the one REST API of a stack serves, by host: `api.` the API by keys, `go.` the pages, `app.` the console and the API by sessions. Under any other name (the gateway's own, before
 * there is a certificate) both, by path. A host never serves what is another's, so that cookies and links keep apart.
 */
export function createFront(ctx: Ctx, referenceScript?: ReferenceScript): Hono {
  const { domainName } = ctx.settings
  const withScript = referenceScript === undefined ? {} : { referenceScript }
  const api = createApi(ctx, withScript)
  const appApi = createApi(ctx, { ...withScript, takesSessions: true })
  const app = bounded(createConsole(ctx, callerOf))
  const pages = bounded(createPages(ctx))
  return new Hono().all('*', (c) => {
    const url = new URL(c.req.url)
    const hostName = (c.req.header('host') ?? url.hostname).toLowerCase().replace(/:\d+$/, '')
    if (hostName === `api.${domainName}`) return api.fetch(c.req.raw, c.env)
    if (hostName === `go.${domainName}`) return pages.fetch(c.req.raw, c.env)
    const isApi = url.pathname.startsWith('/v1/')
    if (hostName === `app.${domainName}`) return isApi ? appApi.fetch(c.req.raw, c.env) : app.fetch(c.req.raw, c.env)
    if (hostName.endsWith(`.${domainName}`)) return c.text('There is no such page', 404)
    return isApi ? api.fetch(c.req.raw, c.env) : pages.fetch(c.req.raw, c.env)
  })
}

function bounded(unbound: Hono): Hono {
  return new Hono().use(bodyLimit({ maxSize: FORM_BYTES_MAX })).all('*', (c) => unbound.fetch(c.req.raw, c.env))
}

/** What API Gateway knows of the connection; a header anybody could set. */
const GatewayRequest = z.object({
  requestContext: z.object({ identity: z.object({ sourceIp: z.string().min(1) }) }),
})

function callerOf(c: Context): string {
  return GatewayRequest.safeParse(c.env).data?.requestContext.identity.sourceIp ?? 'unknown'
}
