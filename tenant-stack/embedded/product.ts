import { join, resolve } from 'node:path'
import type { Environment } from '#shared/contracts/environment.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { openHttpDoor } from '#shared/runtime/http-door.ts'
import { openAtPort } from '#shared/runtime/open-ports.ts'
import { startQueueRunner } from '#shared/runtime/queue-runner.ts'
import { startSweeper } from '#shared/runtime/sweeper.ts'
import { createApi } from '#tenant-stack/api/app.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { listDeliveries } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { acceptsRecipient } from '#tenant-stack/core/mailbox/accepts-recipient.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { pipelineNames, pipelines, queueNameOf, sweepNames, sweeps } from '#tenant-stack/manifest.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { type Wired, wireEmbedded } from '#tenant-stack/wire.ts'
import { type DemoKey, demoKeyFileName, ensureDemoKeyFile } from './demo-key-file.ts'
import { composeApp } from './http-host.ts'
import { createLocalApp } from './local-pages/local-app.ts'
import { type ProductFacts, thingsToTry } from './local-pages/product-facts.ts'
import { forgetRunning, noteRunning, runningFileName } from './running-file.ts'
import { openSmtpDoor } from './smtp-door.ts'
import type { Ready } from './told.ts'

export type Product = {
  /** What its supervisor is told. */
  readonly opened: Ready
  /** Closes the doors, finishes what runs, closes the store. */
  close(): Promise<void>
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
  const demoKey = await ensureDemoKeyFile(ctx, join(folder, demoKeyFileName))

  const smtp = await openAtPort(
    { setting: 'CONVOKE_SMTP_PORT', port: environment.smtp.port, isChosen: chosen.isSmtpPortChosen },
    (port) =>
      openSmtpDoor({
        host: environment.smtp.host,
        port,
        domainName: environment.domainName,
        mailBytesMax: environment.mailBytesMax,
        acceptsRecipient: (address) => acceptsRecipient(ctx, address),
        acceptMail: (mail) => acceptMail(ctx, mail),
        log: ctx.log,
      }),
  )
  if (smtp.kind === 'refused') {
    await Promise.all([http.door.close(), wired.close()])
    return smtp
  }
  const facts = factsOf(environment, wired, baseUrl, smtp.door.port)
  // CONVOKE_PUBLIC_URL tells of a proxy, and through it the pages of this machine would be everyone's.
  const local = environment.publicUrl === undefined ? { local: localAppOf(wired, facts) } : {}
  http.door.serve(composeApp({ api: createApi(ctx), pages: createPages(ctx), ...local }))
  const runner = warmReader(ctx).then(() =>
    startQueueRunner({ own: wired.own, tasks: tasksOf(ctx), clock: ctx.clock, log: ctx.log }),
  )
  const sweeper = startSweeper(
    [
      ...sweepNames().map((name) => ({
        name,
        everySeconds: sweeps[name].everySeconds,
        sweep: () => sweepHandlers[name](ctx),
      })),
      { name: 'expired', everySeconds: 3600, sweep: () => removeAllExpired(wired) },
    ],
    ctx.log,
  )
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
        await Promise.all([http.door.close(), smtp.door.close(), sweeper.stop(), (await runner).stop()])
        await wired.close()
        await forgetRunning(runningFile)
      },
    },
  }
}

function localAppOf({ ctx, outbox }: Wired, facts: ProductFacts) {
  return createLocalApp({
    outbox,
    listDeliveries: (query) => listDeliveries(ctx, query),
    facts,
    clock: ctx.clock,
    log: ctx.log,
  })
}

/**
 * Waits until a parser process is there. A record received before that would only wait for it, and a product killed again and
 * again in that time would use up the record's receives without having tried it once.
 */
async function warmReader(ctx: Ctx): Promise<void> {
  try {
    await ctx.reader.disassemble(Buffer.from('Subject: Is anybody there?\r\n\r\n'))
  } catch (error) {
    if (!isFailure(error)) throw error
    ctx.log.warn({ at: 'product.reader', code: error.code })
  }
}

async function removeAllExpired(wired: Wired): Promise<void> {
  while (await wired.removeExpired());
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

function tasksOf(ctx: Ctx) {
  return pipelineNames().map((name) => {
    const { concurrency, batchSize, timeoutSeconds } = pipelines[name]
    const handle = (body: string) => pipelineHandlers[name](ctx, body)
    return { queueName: queueNameOf(name), concurrency, batchSize, timeoutSeconds, handle }
  })
}

/** As a link or an SMTP client writes it: every address is reachable by loopback, and IPv6 wants brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '127.0.0.1') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
