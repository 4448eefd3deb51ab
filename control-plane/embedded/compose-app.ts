import { Hono } from 'hono'
import type { Fetcher } from '#shared/runtime/http-door.ts'
import { createLocalApp, type LocalSources } from './local-pages/local-app.ts'
import type { MailSource } from './local-pages/mail-pages.ts'
import type { LocalFacts } from './local-pages/start-page.ts'

/** Puts together what the control plane's port serves: its API and sign-in, and the local pages for this machine alone. */
export function composeControlApp(parts: {
  readonly api: Fetcher
  readonly sources: LocalSources
  readonly mails: MailSource
  readonly dnsPage: Hono
  readonly facts: LocalFacts
  /** True for a request that comes from this machine under a name of this machine. */
  readonly isFromHere: (env: unknown, host: string) => boolean
}): Hono {
  const { sources, mails, dnsPage, facts } = parts
  const local = createLocalApp({ sources, mails, dnsPage, facts })
  const app = new Hono()
  // DNS rebinding: a stranger's page may make the browser come here under the stranger's name, never under this one.
  app.use(async (c, next) => {
    if (!parts.isFromHere(c.env, hostnameOf(c.req.header('host') ?? '')))
      return c.text('The control plane of this machine is for this machine alone; open it by http://localhost', 403)
    return next()
  })
  for (const path of ['/', '/mail', '/mail/*', '/tenants/*', '/local/*', '/dns', '/dns/*'])
    app.all(path, (c) => local.fetch(c.req.raw, c.env))
  app.all('*', (c) => parts.api.fetch(c.req.raw, c.env))
  return app
}

/** The host name of a Host header, without port and brackets. */
function hostnameOf(hostHeader: string): string {
  return hostHeader.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
