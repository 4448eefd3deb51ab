import * as z from 'zod'
import { cardError } from '../money/charge-card.ts'
import { collectInvoice } from '../money/collect-invoice.ts'
import { draftInvoice } from '../money/draft-invoice.ts'
import { finalizeInvoice } from '../money/finalize-invoice.ts'
import type { Money } from '../money/money-context.ts'
import { giveUpInvoice, settleInvoice } from '../money/settle-invoice.ts'
import { inNextPeriod, periodEndOf } from '../money/start-subscription.ts'
import type { ObjectOf } from '../state/objects.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { flag, mergedMetadata, metadata, paging, text } from '../wire/params.ts'
import { refuse } from '../wire/refusal.ts'
import { route } from '../wire/route.ts'

type Invoice = ObjectOf<'invoice'>

export const invoices = [
  route(
    'GET',
    '/v1/invoices',
    {
      ...paging,
      customer: text.exactOptional(),
      subscription: text.exactOptional(),
      status: text.exactOptional(),
      collection_method: text.exactOptional(),
    },
    ({ unit }, { customer, subscription, status, collection_method: method, ...page }) =>
      listAnswer(unit, 'invoice', page, customer, (one) =>
        [
          subscription === undefined || one.parent?.subscription_details?.subscription === subscription,
          status === undefined || one.status === status,
          method === undefined || one.collection_method === method,
        ].every(Boolean),
      ),
  ),
  route(
    'POST',
    '/v1/invoices/create_preview',
    { subscription: text, customer: text.exactOptional() },
    async (money, input) => {
      const subscription = await money.unit.need('subscription', input.subscription, 'subscription')
      await money.unit.useTestClock(subscription.test_clock)
      const previewId = `upcoming_in_${subscription.id.slice('sub_'.length)}`
      return draftInvoice(money, inNextPeriod(subscription, periodEndOf(subscription)), 'upcoming', previewId)
    },
  ),
  route('GET', '/v1/invoices/:id', {}, ({ unit }, _input, pathId) => unit.need('invoice', pathId)),
  route(
    'POST',
    '/v1/invoices/:id',
    { auto_advance: flag.exactOptional(), default_payment_method: text.exactOptional(), metadata },
    async (money, { metadata: given, ...changes }, pathId) => {
      const { unit } = money
      const before = await invoiceOf(money, pathId)
      const after: Invoice = { ...before, ...changes, metadata: mergedMetadata(before.metadata, given) }
      const stopped = after.auto_advance === false ? { ...after, next_payment_attempt: null } : after
      unit.put('invoice', stopped)
      unit.tell('invoice.updated', stopped, before)
      return stopped
    },
  ),
  route('POST', '/v1/invoices/:id/finalize', { auto_advance: flag.exactOptional() }, async (money, input, pathId) => {
    const invoice = await invoiceOf(money, pathId)
    const open = await finalizeInvoice(money, {
      ...invoice,
      auto_advance: input.auto_advance ?? invoice.auto_advance ?? true,
    })
    // The failed attempt is kept, so the refusal is an answer and no exception.
    if (open.last_finalization_error !== null) return { status: 400, body: { error: open.last_finalization_error } }
    if (open.next_payment_attempt !== null)
      money.unit.due(open.next_payment_attempt, { kind: 'invoice', objectId: open.id })
    return open
  }),
  route('POST', '/v1/invoices/:id/send', {}, async (money, _input, pathId) => {
    const invoice = await invoiceOf(money, pathId)
    if (invoice.collection_method !== 'send_invoice')
      throw refuse.invalid("You can only manually send an invoice if its collection method is 'send_invoice'.")
    const open = invoice.status === 'draft' ? await finalizeInvoice(money, invoice) : invoice
    money.unit.tell('invoice.sent', open)
    return open
  }),
  route(
    'POST',
    '/v1/invoices/:id/pay',
    {
      paid_out_of_band: flag.exactOptional(),
      payment_method: text.exactOptional(),
      off_session: flag.exactOptional(),
      forgive: flag.exactOptional(),
    },
    async (money, input, pathId) => {
      const found = await invoiceOf(money, pathId)
      const invoice = found.status === 'draft' ? await finalizeInvoice(money, found) : found
      if (invoice.status === 'paid') throw refuse.invalid('Invoice is already paid', { code: 'invoice_already_paid' })
      mustBe(invoice, ['open', 'uncollectible'], 'pay')
      if (input.paid_out_of_band === true) return settleInvoice(money, invoice, { isOffStripe: true })
      const { invoice: after, charge } = await collectInvoice(money, invoice, {
        methodId: input.payment_method,
        presence: 'absent',
        isAutomatic: false,
      })
      if (after.status === 'paid') return after
      if (charge?.kind === 'declined') return { status: 402, body: { error: cardError(charge.decline) } }
      throw refuse.invalid(
        'There is no default_payment_method set on this Customer or Invoice. Please set a default_payment_method.',
      )
    },
  ),
  route('POST', '/v1/invoices/:id/void', {}, async (money, _input, pathId) =>
    giveUpInvoice(money, mustBe(await invoiceOf(money, pathId), ['open', 'uncollectible'], 'void'), 'void'),
  ),
  route('POST', '/v1/invoices/:id/mark_uncollectible', {}, async (money, _input, pathId) =>
    giveUpInvoice(money, mustBe(await invoiceOf(money, pathId), ['open'], 'mark as uncollectible'), 'uncollectible'),
  ),
]

export const invoicePayments = [
  route(
    'GET',
    '/v1/invoice_payments',
    {
      ...paging,
      invoice: text.exactOptional(),
      status: z.enum(['open', 'paid', 'canceled']).exactOptional(),
      payment: z
        .strictObject({ type: z.literal('payment_intent'), payment_intent: text.exactOptional() })
        .exactOptional(),
    },
    ({ unit }, { invoice, status, payment, ...page }) =>
      listAnswer(unit, 'invoice_payment', page, invoice, (one) =>
        [
          status === undefined || one.status === status,
          payment?.payment_intent === undefined || one.payment.payment_intent === payment.payment_intent,
        ].every(Boolean),
      ),
  ),
  route('GET', '/v1/invoice_payments/:id', {}, ({ unit }, _input, pathId) => unit.need('invoice_payment', pathId)),
]

async function invoiceOf({ unit }: Money, invoiceId: string): Promise<Invoice> {
  const invoice = await unit.need('invoice', invoiceId, 'invoice')
  await unit.useTestClock(invoice.test_clock)
  return invoice
}

function mustBe(invoice: Invoice, states: readonly string[], act: string): Invoice {
  if (states.includes(invoice.status ?? '')) return invoice
  throw refuse.invalid(
    `You can only ${act} an invoice that is ${states.join(' or ')}; this one is ${invoice.status}.`,
    {
      code: 'invoice_not_editable',
    },
  )
}
