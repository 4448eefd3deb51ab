import { relative } from 'node:path'
import { referenceScript } from '#shared/assets/reference-script.ts'
import { createApi } from '#tenant-stack/api/app.ts'
import { createConsole } from '#tenant-stack/api/sign-in/console.ts'
import { listDeliveries } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import type { Wired } from '#tenant-stack/wire.ts'
import { boundPages, callerOf, composeApp, consoleHost } from './http-host.ts'
import { createLocalApp, type LocalSources } from './local-pages/local-app.ts'
import { type ProductFacts, thingsToTryAt } from './local-pages/product-facts.ts'
import type { TenantLink } from './local-pages/start-page.ts'
import type { StampedTenant } from './stamped-tenant.ts'
import type { TenantSite } from './tenant-routes.ts'

/** What a tenant serves. `isPublic`: a proxy stands in front, and through it the pages of this machine would be everyone's. */
export function siteOf(
  { ctx, outbox }: Wired,
  isPublic: boolean,
  local: Pick<LocalSources, 'facts' | 'base' | 'listTenants'>,
): TenantSite {
  const api = createApi(ctx, { referenceScript })
  const appApi = createApi(ctx, { referenceScript, takesSessions: true })
  const console = createConsole(ctx, callerOf)
  const pages = createPages(ctx)
  const sources = { outbox, clock: ctx.clock, log: ctx.log, ...local }
  const localApp = createLocalApp({ ...sources, listDeliveries: (query) => listDeliveries(ctx, query) })
  return {
    whole: composeApp({ api: appApi, pages, console, ...(isPublic ? {} : { local: localApp }) }),
    api,
    pages: boundPages(pages),
    app: consoleHost(appApi, boundPages(console)),
  }
}

/** The stamped tenants as a list of links. */
export function tenantLinks(stamped: readonly StampedTenant[]): Promise<readonly TenantLink[]> {
  return Promise.all(
    stamped.map(async ({ tenantId, domainName, url, wired }) => ({
      tenantId,
      domainName,
      path: new URL(url).pathname,
      licence: await wired.ctx.licence.standing(),
    })),
  )
}

/** A stamped tenant's facts: the machine's, less what is the machine's own tenant's. */
export function stampedFacts(
  machine: ProductFacts,
  { ctx }: Wired,
  { url, keyFile }: { readonly url: string; readonly keyFile: string },
): ProductFacts {
  const createAddress = mailboxAddress(ctx.settings, 'create')
  const { domainName, apiUrl } = ctx.settings
  const tries = thingsToTryAt({ createAddress, apiUrl, keyFile: relative(process.cwd(), keyFile) })
  return { ...machine, domainName, createAddress, pagesUrl: url, apiUrl, tries }
}
