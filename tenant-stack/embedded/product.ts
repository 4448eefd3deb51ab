import { join, resolve } from 'node:path'
import { runningFileName } from '#shared/contracts/embedded-running.ts'
import type { Environment } from '#shared/contracts/environment.ts'
import { openHttpDoor } from '#shared/runtime/http-door.ts'
import { openAtPort } from '#shared/runtime/open-ports.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { type EmbeddedTenant, type Wired, wireEmbedded } from '#tenant-stack/wire.ts'
import { type DemoKey, demoKeyFileName, ensureKeyFile } from './demo-key-file.ts'
import { type ProductFacts, thingsToTry } from './local-pages/product-facts.ts'
import { mailDesks } from './mail-desks.ts'
import { forgetRunning, noteRunning } from './running-file.ts'
import { openSmtpDoor } from './smtp-door.ts'
import { createStackHost, type StackHost } from './stack-host.ts'
import { openStampedTenant, type StampedTenant } from './stamped-tenant.ts'
import { createTenantRoutes } from './tenant-routes.ts'
import { siteOf, stampedFacts, tenantLinks } from './tenant-site.ts'
import { startTenantWork, warmReader } from './tenant-work.ts'
import type { Ready } from './told.ts'

export type Product = {
  /** What its supervisor is told. */
  readonly opened: Ready
  /** Closes the doors, finishes what runs, closes the store. */
  readonly close: () => Promise<void>
}

export type OpenedProduct =
  | { readonly kind: 'opened'; readonly product: Product }
  | { readonly kind: 'refused'; readonly message: string }

/**
 * Opens everything: the HTTP port first, because links name it; then the store, the SMTP door, and last the work that a
 * predecessor left. The caller owns the data folder.
 */
export async function openProduct(
  environment: Environment,
  chosen: { readonly isHttpPortChosen: boolean; readonly isSmtpPortChosen: boolean },
): Promise<OpenedProduct> {
  const http = await openAtPort(
    { setting: 'CONVOKE_HTTP_PORT', port: environment.http.port, isChosen: chosen.isHttpPortChosen },
    (port) => openHttpDoor(environment.http.host, port),
  )
  if (http.kind === 'refused') return http
  const baseUrl = `http://${urlHost(environment.http.host)}:${http.door.port}`
  const wired = await wireEmbedded(environment, baseUrl)
  const { ctx } = wired
  const folder = resolve(environment.dataFolder)
  await wired.own.releaseInFlight()
  const demoKey = await ensureKeyFile(ctx, join(folder, demoKeyFileName), 'demo')
  // Before the door: mail for a domain that is known here is never refused for good.
  const host = await createStackHost<StampedTenant>({
    dataFolder: folder,
    ownDomainName: environment.domainName,
    clock: ctx.clock,
    log: ctx.log,
  })

  const smtp = await openAtPort(
    { setting: 'CONVOKE_SMTP_PORT', port: environment.smtp.port, isChosen: chosen.isSmtpPortChosen },
    (port) =>
      openSmtpDoor({
        host: environment.smtp.host,
        port,
        domainName: environment.domainName,
        mailBytesMax: environment.mailBytesMax,
        ...mailDesks((domainName) => (domainName === environment.domainName ? ctx : ctxAt(host, domainName))),
        log: ctx.log,
      }),
  )
  if (smtp.kind === 'refused') {
    await Promise.all([http.door.close(), wired.close()])
    return smtp
  }
  const facts = factsOf(environment, wired, baseUrl, smtp.door.port)
  const isReaderWarm = warmReader(ctx)
  const isPublic = environment.publicUrl !== undefined
  const own = siteOf(wired, isPublic, { facts, listTenants: () => tenantLinks(host.stacks()) })
  http.door.serve(
    createTenantRoutes(own.whole, {
      byTenantId: (tenantId) => host.stacks().find((one) => one.tenantId === tenantId)?.site,
      byDomain: (domainName) => host.stacks().find((one) => one.domainName === domainName)?.site,
    }),
  )
  const work = startTenantWork(wired, { isReaderWarm })
  const machine = {
    dataFolder: folder,
    baseUrl: environment.publicUrl ?? baseUrl,
    wireBeside: (tenant: EmbeddedTenant) => wired.wireBeside(tenant),
    isReaderWarm,
    siteOf: (stamped: Wired, { url, keyFile }: { readonly url: string; readonly keyFile: string }) => {
      const base = new URL(url).pathname
      return siteOf(stamped, isPublic, { facts: stampedFacts(facts, stamped, { url, keyFile }), base })
    },
  }
  host.run((stack) => openStampedTenant(machine, stack))
  const runningFile = join(folder, runningFileName)
  await noteRunning(runningFile, {
    baseUrl,
    smtpHost: environment.smtp.host,
    smtpPort: smtp.door.port,
    pid: process.pid,
  })

  return {
    kind: 'opened',
    product: {
      opened: openedOf({ facts, demoKey, http, smtp }),
      async close() {
        await Promise.all([http.door.close(), smtp.door.close(), work.stop(), host.stop()])
        await wired.close()
        await forgetRunning(runningFile)
      },
    },
  }
}

function ctxAt(host: StackHost<StampedTenant>, domainName: string) {
  const found = host.atDomain(domainName)
  return typeof found === 'object' ? found.wired.ctx : found
}

type OpenPort = { readonly door: { readonly port: number }; readonly movedFrom?: number }

function openedOf(parts: {
  readonly facts: ProductFacts
  readonly demoKey: DemoKey
  readonly http: OpenPort
  readonly smtp: OpenPort
}): Product['opened'] {
  const { facts, demoKey, http, smtp } = parts
  return {
    httpPort: http.door.port,
    smtpPort: smtp.door.port,
    ...(http.movedFrom === undefined ? {} : { httpMovedFrom: http.movedFrom }),
    ...(smtp.movedFrom === undefined ? {} : { smtpMovedFrom: smtp.movedFrom }),
    facts: { ...facts, tries: [...facts.tries] },
    demoKey,
  }
}

function factsOf(environment: Environment, wired: Wired, baseUrl: string, smtpPort: number): ProductFacts {
  const createAddress = mailboxAddress(wired.ctx.settings, 'create')
  return {
    domainName: environment.domainName,
    createAddress,
    smtpAddress: `${urlHost(environment.smtp.host)}:${smtpPort}`,
    pagesUrl: baseUrl,
    apiUrl: `${baseUrl}/v1`,
    ...(wired.relayHost === undefined ? {} : { relayHost: wired.relayHost }),
    isLoopbackTrusted: environment.isLoopbackTrusted,
    tries: thingsToTry(createAddress),
  }
}

/** As a link or an SMTP client writes it: every address is reachable by loopback, and IPv6 wants brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '127.0.0.1') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
