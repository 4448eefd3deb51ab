import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createApi } from '#tenant-stack/api/app.ts'
import type { ReferenceScript } from '#tenant-stack/api/reference.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { createPages } from '#tenant-stack/pages/app.ts'

/** A form with one button. */
const FORM_BYTES_MAX = 64 * 1024

/**
 * What the one REST API of a stack serves, by host: `api.` the API, `go.` the pages. Under any other name (the gateway's own, before
 * there is a certificate) both, by path. A host never serves what is another's, so that cookies and links keep apart.
 */
export function createFront(ctx: Ctx, referenceScript?: ReferenceScript): Hono {
  const { domainName } = ctx.settings
  const api = createApi(ctx, referenceScript)
  const unbound = createPages(ctx)
  const pages = new Hono().use(bodyLimit({ maxSize: FORM_BYTES_MAX })).all('*', (c) => unbound.fetch(c.req.raw, c.env))
  return new Hono().all('*', (c) => {
    const url = new URL(c.req.url)
    const hostName = (c.req.header('host') ?? url.hostname).toLowerCase().replace(/:\d+$/, '')
    if (hostName === `api.${domainName}`) return api.fetch(c.req.raw, c.env)
    if (hostName === `go.${domainName}`) return pages.fetch(c.req.raw, c.env)
    if (hostName.endsWith(`.${domainName}`)) return c.text('There is no such page', 404)
    return url.pathname.startsWith('/v1/') ? api.fetch(c.req.raw, c.env) : pages.fetch(c.req.raw, c.env)
  })
}
