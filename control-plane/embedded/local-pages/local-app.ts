import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import type { RunView } from '#control-plane/provisioning/read-run.ts'
import { framed, type Markup } from './frame.ts'
import { type MailSource, mailList, mailPage } from './mail-pages.ts'
import { type LocalFacts, startPage } from './start-page.ts'
import { tenantPage } from './tenant-page.ts'

const style = readFileSync(new URL('../../../shared/runtime/local-pages.css', import.meta.url), 'utf8')

const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** What the pages read of the control plane. */
export type LocalSources = {
  readonly newestTenants: () => Promise<readonly Tenant[]>
  /** Undefined for no such tenant; its unfinished run, or its last one. */
  readonly tenant: (tenantId: string) => Promise<{ readonly tenant: Tenant; readonly run?: RunView } | undefined>
}

/** The pages for whoever runs the control plane on this machine: what is here, tenants and their runs, and the mails it sent. The name servers' page is given. */
export function createLocalApp(parts: {
  readonly sources: LocalSources
  readonly mails: MailSource
  readonly facts: LocalFacts
  readonly dnsPage: Hono
}): Hono {
  const app = new Hono()
  app.use('/local/*', (c, next) => policed(c, next))
  for (const path of ['/', '/mail', '/mail/*', '/tenants/*']) app.use(path, (c, next) => policed(c, next))
  app.get('/', async (c) => c.html(startPage(parts.facts, await parts.sources.newestTenants())))
  app.get('/tenants/:tenantId', async (c) => {
    const found = await parts.sources.tenant(c.req.param('tenantId'))
    return found === undefined ? c.html(missing(), 404) : c.html(tenantPage(found.tenant, found.run))
  })
  app.get('/mail', async (c) => c.html(await mailList(parts.mails, c.req.query('after'))))
  app.get('/mail/:mailId', async (c) => {
    const found = await mailPage(parts.mails, c.req.param('mailId'))
    return found === undefined ? c.html(missing(), 404) : c.html(found)
  })
  app.get('/local/style.css', (c) =>
    c.body(style, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=60' }),
  )
  app.route('/dns', parts.dnsPage)
  app.notFound((c) => c.html(missing(), 404))
  return app
}

async function policed(c: Context, next: () => Promise<void>): Promise<void> {
  await next()
  c.header('content-security-policy', pagePolicy)
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'no-referrer')
}

function missing(): Markup {
  return framed({
    title: 'There is no such page',
    place: '/',
    main: html`<h1>There is no such page</h1><p><a href="/">Back to the start</a></p>`,
  })
}
