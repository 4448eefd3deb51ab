import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { Fetcher } from '#shared/runtime/http-door.ts'

/** What one tenant serves: everything by path; API, pages and console apart by host. */
export type TenantSite = {
  readonly whole: Fetcher
  readonly api: Fetcher
  readonly pages: Fetcher
  readonly app: Fetcher
}

/** Whom an address is of. */
export type Sites = {
  readonly byTenantId: (tenantId: string) => TenantSite | undefined
  readonly byDomain: (domainName: string) => TenantSite | undefined
}

const byPath = /^\/t\/([A-Za-z0-9_-]+)(\/.*)?$/
const byHost = /^(api|go|app)\.(.+)$/

/**
 * Leads a request to a stamped tenant by its host (`api.`, `go.`, `app.`, as on AWS) or by `/t/<tenantId>`, where no name leads to this machine;
 * all else is the machine's own. A host never serves what is another's.
 */
export function createTenantRoutes(own: Fetcher, sites: Sites): Hono<{ Bindings: HttpBindings }> {
  return new Hono<{ Bindings: HttpBindings }>().all('*', async (c) => {
    const url = new URL(c.req.url)
    const [, tenantId = '', rest = '/'] = byPath.exec(url.pathname) ?? []
    if (tenantId !== '') {
      const site = sites.byTenantId(tenantId)
      if (site === undefined) return c.text('There is no such tenant here', 404)
      url.pathname = rest
      return site.whole.fetch(new Request(url, c.req.raw), c.env)
    }
    const [, host, domainName = ''] = byHost.exec(hostOf(c.req.header('host') ?? '')) ?? []
    const site = domainName === '' ? undefined : sites.byDomain(domainName)
    if (site === undefined) return own.fetch(c.req.raw, c.env)
    if (host === 'api') return site.api.fetch(c.req.raw, c.env)
    return host === 'go' ? site.pages.fetch(c.req.raw, c.env) : site.app.fetch(c.req.raw, c.env)
  })
}

function hostOf(hostHeader: string): string {
  return hostHeader.toLowerCase().replace(/:\d+$/, '')
}
