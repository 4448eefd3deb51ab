import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { isFailure } from '#shared/errors/failure.ts'
import type { Clock, Log } from '#shared/platform/small-ports.ts'
import type { InboundDelivery } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { findLatest } from './find-latest.ts'
import { dayOf, inboundPage } from './inbound-page.ts'
import { page } from './layout.ts'
import { outboxPage, readOutbox } from './outbox-page.ts'
import type { OutboxSource } from './outbox-source.ts'
import type { ProductFacts } from './product-facts.ts'
import { readSentMail } from './read-sent-mail.ts'
import { sentMailPage } from './sent-mail-page.ts'
import { startPage, type TenantLink } from './start-page.ts'

const style = readFileSync(new URL('../../../shared/runtime/local-pages.css', import.meta.url), 'utf8')
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#5a31c9"/><path d="M7 12.6l3.4 3.4L17.2 9" stroke="#fff" stroke-width="2.4" fill="none" stroke-linecap="round" stroke-linejoin="round"/></svg>'

const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/** A mail's own HTML: an opaque origin without script, form or request; the pages alone may frame it. */
const mailPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

const latest = 5
const deliveriesPerPage = 50

export type LocalSources = {
  readonly outbox: OutboxSource
  /** The inbound log of one UTC day, newest first. */
  readonly listDeliveries: (query: {
    readonly day: string
    readonly limit: number
    readonly cursor?: string
  }) => Promise<{ readonly deliveries: readonly InboundDelivery[]; readonly cursor?: string }>
  readonly facts: ProductFacts
  /** What the paths of these pages begin with, where they are reached: '' or `/t/<tenantId>`. */
  readonly base?: string
  /** Stamped tenants to be listed on the start page. */
  readonly listTenants?: () => Promise<readonly TenantLink[]>
  readonly clock: Clock
  readonly log: Log
}

/** The pages for whoever runs the product on this machine: start, outbox, inbound log. Nothing here changes anything. */
export function createLocalApp(sources: LocalSources): Hono {
  const { outbox, listDeliveries, facts, clock, log, base = '' } = sources
  const missing = (c: Context) =>
    c.html(
      problemPage(base, 'There is no such page', 'If it was a mail, the data folder may have been emptied since.'),
      404,
    )
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('content-security-policy')) c.header('content-security-policy', pagePolicy)
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
    c.header('cross-origin-resource-policy', 'same-origin')
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  })

  app.get('/', async (c) => {
    const day = dayOf(clock.now())
    const [{ deliveries }, { mails }, tenants] = await Promise.all([
      listDeliveries({ day, limit: latest }),
      readOutbox(outbox, latest),
      sources.listTenants?.() ?? [],
    ])
    return c.html(startPage({ facts, base, tenants, received: deliveries, sent: mails }))
  })

  app.get('/outbox', async (c) => {
    const cursor = c.req.query('after')
    const { createAddress, relayHost } = facts
    return c.html(
      await outboxPage(outbox, {
        createAddress,
        base,
        ...(cursor === undefined ? {} : { cursor }),
        ...(relayHost === undefined ? {} : { relayHost }),
      }),
    )
  })

  // Before `:mailId`: what the command line answers as an attendee.
  app.get('/outbox/latest.eml', async (c) => {
    const mailerMessageId = await findLatest(outbox, c.req.query('to') ?? '')
    if (mailerMessageId === undefined) return missing(c)
    return download(c, await outbox.raw(mailerMessageId), 'message/rfc822', 'mail.eml')
  })

  app.get('/outbox/:mailId', async (c) => {
    const sent = await outbox.get(c.req.param('mailId'))
    if (sent === undefined) return missing(c)
    const raw = await outbox.raw(sent.mailerMessageId)
    return c.html(sentMailPage(sent, { read: readSentMail(raw), raw, pagesBase: base }))
  })

  app.get('/outbox/:mailId/body', async (c) => {
    const { html: body } = readSentMail(await outbox.raw(c.req.param('mailId')))
    c.header('content-security-policy', mailPolicy)
    return c.html(body ?? '')
  })

  app.get('/outbox/:mailId/mail.eml', async (c) => {
    const raw = await outbox.raw(c.req.param('mailId'))
    return download(c, raw, 'message/rfc822', 'mail.eml')
  })

  app.get('/outbox/:mailId/invite.ics', async (c) => {
    const { calendar } = readSentMail(await outbox.raw(c.req.param('mailId')))
    return calendar === undefined
      ? missing(c)
      : download(c, calendar.bytes, 'text/calendar; charset=utf-8', 'invite.ics')
  })

  app.get('/inbound', async (c) => {
    const today = dayOf(clock.now())
    const asked = c.req.query('day') ?? today
    const day = isDay(asked) ? asked : today
    const cursor = c.req.query('after')
    const found = await listDeliveries({ day, limit: deliveriesPerPage, ...(cursor === undefined ? {} : { cursor }) })
    return c.html(
      inboundPage(
        { day, isToday: day >= today, isFirstPage: cursor === undefined, ...found },
        { createAddress: facts.createAddress, base },
      ),
    )
  })

  app.get('/local/style.css', (c) =>
    c.body(style, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=60' }),
  )
  app.get('/local/icon.svg', (c) =>
    c.body(icon, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' }),
  )

  app.notFound(missing)
  app.onError((error, c) => {
    if (isFailure(error)) return c.html(problemPage(base, 'That did not work', error.message), statusOf(error.status))
    log.error({ at: 'local_pages', error: error.message })
    return c.html(problemPage(base, 'Something broke', 'The log says what.'), 500)
  })
  return app
}

function statusOf(status: number): 400 | 404 | 500 {
  if (status === 404) return 404
  return status < 500 ? 400 : 500
}

function problemPage(base: string, title: string, detail: string) {
  return page({
    title,
    place: '/',
    base,
    main: html`<h1>${title}</h1><p class="lead">${detail}</p><p><a href="${base}/">Back to the start</a></p>`,
  })
}

function download(c: Context, bytes: Uint8Array, contentType: string, filename: string) {
  return c.body(Uint8Array.from(bytes), 200, {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${filename}"`,
    // A sandbox for whoever opens it in a tab nevertheless.
    'content-security-policy': mailPolicy,
  })
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
}
