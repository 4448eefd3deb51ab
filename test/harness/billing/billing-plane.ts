import type { BillingCtx } from '#control-plane/billing/billing-context.ts'
import type { DashboardSettings } from '#control-plane/billing/embedded/state/double-context.ts'
import type { DoubleFaults } from '#control-plane/billing/embedded/state/faults.ts'
import { createStripeDouble, type StripeDouble } from '#control-plane/billing/embedded/stripe-double.ts'
import { handleStripeEvent } from '#control-plane/billing/handle-stripe-event.ts'
import { lookAtLicenceDue } from '#control-plane/billing/look-at-licence-due.ts'
import { openStripe } from '#control-plane/billing/open-stripe.ts'
import { receiveStripeEvent } from '#control-plane/billing/receive-stripe-event.ts'
import { syncCustomer } from '#control-plane/billing/sync-customer.ts'
import type { Actor } from '#control-plane/core/actor.ts'
import { sendControlMail } from '#control-plane/core/control-mail/send-control-mail.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import { tick } from '#control-plane/core/tick.ts'
import { noticeOf, type QueueName } from '#control-plane/manifest.ts'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '../control/control-plane.ts'
import type { Ports } from '../platform/around-ports.ts'

/** Work that begets work for ever is a fault of ours. */
const ROUNDS_MAX = 200
const WEBHOOK_SECRET = 'whsec_of_the_tests'

export type BillingPlane = ControlPlaneInMemory & {
  readonly double: StripeDouble
  /** The vendor's admin unless said otherwise; `ports` stand in for the platform's. */
  billing(who?: { readonly actor?: Actor; readonly ports?: Pick<Ports, 'table' | 'queues' | 'mailer'> }): BillingCtx
  /** A licensee with one domain and its draft licence. */
  licence(input?: {
    readonly isTrusted?: boolean
    readonly domainName?: string
    readonly licenseeId?: string
  }): Promise<Licence>
  /** Fills the hosted page in as a buyer does. */
  pay(url: string, card?: string, expiry?: string): Promise<Response>
  read(licenceId: string): Promise<Licence>
  /** Moves the clock, then lets the double, the tick and every queue work until nothing is left. */
  run(days?: number): Promise<void>
  /** Subject lines of the control plane's mails so far, in order. */
  subjects(): Promise<readonly string[]>
}

export type BillingOptions = {
  readonly settings?: Partial<DashboardSettings>
  readonly faults?: DoubleFaults
  /** False: the webhook of this event never arrives. */
  readonly isDelivered?: (type: string, eventId: string) => boolean
}

/** Billing on a database in memory, with the double of Stripe in the same process and its webhooks brought by hand. */
export async function billingPlane(options: BillingOptions = {}): Promise<BillingPlane> {
  const plane = await controlPlaneInMemory()
  const { platform } = plane
  const double = createStripeDouble({
    table: platform.tableOf('stripe'),
    clock: platform.clock,
    ids: platform.ids,
    log: platform.log,
    webhook: { url: 'http://127.0.0.1/webhook', secret: WEBHOOK_SECRET },
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    post: async (_url, headers, rawBody) => {
      const { type, id }: { readonly type: string; readonly id: string } = JSON.parse(rawBody)
      if (options.isDelivered?.(type, id) === false) return 200
      await receiveStripeEvent(billing(), { rawBody, signature: headers['stripe-signature'] ?? '' })
      return 200
    },
  })
  const stripe = openStripe({
    secretKey: 'sk_test_of_the_tests',
    baseUrl: 'http://127.0.0.1',
    fetch: (input, init) => double.fetch(new Request(input, init)),
  })

  const billing: BillingPlane['billing'] = ({ actor, ports } = {}) => ({
    ...plane.ctxOf(actor === undefined ? {} : { actor }),
    ...(ports === undefined ? {} : { table: ports.table, queues: ports.queues, mailer: ports.mailer }),
    stripe,
    stripeSettings: { webhookSecrets: [WEBHOOK_SECRET], priceLookupKey: 'licence_yearly', isLivemode: false },
    licenceSettings: {
      graceDays: 21,
      refundDays: 14,
      vendorEmail: 'vendor@example.com',
      priceCents: 99_500,
      currency: 'usd',
    },
  })

  const handlers: Partial<Record<QueueName, (body: unknown) => Promise<unknown>>> = {
    'stripe-event': (body) => handleStripeEvent(billing(), noticeOf['stripe-event'].parse(body)),
    'billing-sync': (body) => syncCustomer(billing(), noticeOf['billing-sync'].parse(body)),
    'licence-due': (body) => lookAtLicenceDue(billing(), noticeOf['licence-due'].parse(body)),
    'mail-due': (body) => sendControlMail(billing(), noticeOf['mail-due'].parse(body)),
  }

  async function drain(): Promise<number> {
    let handled = 0
    for (const [queueName, handle] of Object.entries(handlers)) {
      for (const message of await platform.queues.receive(queueName, { max: 10 })) {
        await handle(JSON.parse(message.body))
        await platform.queues.delete(queueName, message.receiptHandle)
        handled += 1
      }
    }
    return handled
  }

  return {
    ...plane,
    double,
    billing,
    async licence({ isTrusted = false, domainName = 'calendar.example.com', licenseeId } = {}) {
      const ctx = plane.ctxOf()
      const licensee =
        licenseeId ??
        (await registerLicensee(ctx, { name: 'Example Ltd', billingEmail: 'billing@example.com', isTrusted }))
          .licenseeId
      const registered = await registerTenant(ctx, {
        licenseeId: licensee,
        domainName,
        registrableName: 'example.com',
        placement: 'cell',
        dnsMode: 'delegated',
        region: 'eu-west-1',
      })
      return registered.licence
    },
    pay(url, card = '4242424242424242', expiry = '12 / 40') {
      const body = new URLSearchParams({
        number: card,
        expiry,
        cvc: '123',
        name: 'Pat Payer',
        business: 'Example Ltd',
        line1: '1 Main Street',
        city: 'Springfield',
        postal_code: '12345',
        country: 'US',
        state: 'IL',
      })
      return double.fetch(new Request(url, { method: 'POST', body }))
    },
    read: (licenceId) => getLicence(plane.ctxOf(), licenceId),
    async run(days = 0) {
      for (let day = 0; day <= days; day += 1) {
        if (day > 0) platform.clock.advance(86_400)
        let rounds = 0
        do {
          await double.tick()
          await tick(billing())
          rounds += 1
          if (rounds > ROUNDS_MAX) throw new Error('the queues never empty')
        } while ((await drain()) > 0)
      }
    },
    async subjects() {
      const { mails } = await platform.outbox.list({ limit: 1000 })
      const raws = await Promise.all(
        mails.toReversed().map(({ mailerMessageId }) => platform.outbox.raw(mailerMessageId)),
      )
      return raws.map((raw) => {
        const [, folded = ''] = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(Buffer.from(raw).toString('latin1')) ?? []
        return folded.replaceAll('\r\n', '').trim()
      })
    },
  }
}
