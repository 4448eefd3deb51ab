import { Hono } from 'hono'
import { collectInvoice, intentOf } from '../money/collect-invoice.ts'
import type { Money } from '../money/money-context.ts'
import { attachPaymentMethod, createPaymentMethod } from '../money/payment-method.ts'
import type { Engine } from '../money/run-due.ts'
import type { ObjectOf } from '../state/objects.ts'
import { BY_ITSELF } from '../state/run-unit.ts'
import { CardFields, readCardFields } from './card-form.ts'
import { confirmPage, NOT_CONFIRMED } from './confirm-page.ts'
import { sum } from './frame.ts'
import { invoicePage } from './invoice-page.ts'
import { invoicePdf } from './invoice-pdf.ts'
import { answerPage, type PageAnswer, postedFields } from './page-call.ts'

/** The hosted invoice page: see, pay by card, keep as PDF. */
export function createInvoices(engine: Engine): Hono {
  const app = new Hono()
  app.get('/i/:id', (c) =>
    answerPage(engine, async (money) => invoicePage(money, await invoiceOf(money, c.req.param('id')))),
  )
  app.get('/i/:id/pdf', async (c) => {
    const invoice = await engine.ctx.oneAtATime(() =>
      engine.runUnit(BY_ITSELF, (unit) => unit.need('invoice', c.req.param('id'))),
    )
    return c.body(invoicePdf(engine.ctx.settings.sellerName, invoice), 200, { 'content-type': 'application/pdf' })
  })
  app.post('/i/:id', async (c) => {
    const fields = CardFields.parse(await postedFields(c))
    return answerPage(engine, async (money) => pay(money, await invoiceOf(money, c.req.param('id')), fields))
  })
  app.get('/i/:id/confirm', (c) =>
    answerPage(engine, async (money) => {
      const invoice = await invoiceOf(money, c.req.param('id'))
      if (invoice.status !== 'open') return { goTo: `/i/${invoice.id}` }
      const amount = sum(invoice.amount_remaining, invoice.currency)
      return { page: confirmPage({ amount, seller: money.settings.sellerName, action: `/i/${invoice.id}/confirm` }) }
    }),
  )
  app.post('/i/:id/confirm', async (c) => {
    const { decision } = await postedFields(c)
    return answerPage(engine, async (money) => {
      const invoice = await invoiceOf(money, c.req.param('id'))
      if (invoice.status !== 'open') return { goTo: `/i/${invoice.id}` }
      const { payment_method: methodId } = await intentOf(money, invoice)
      if (decision !== 'confirm' || methodId === null) return invoicePage(money, invoice, NOT_CONFIRMED)
      return collect(money, invoice, methodId, 'confirmed')
    })
  })
  return app
}

async function invoiceOf({ unit }: Money, invoiceId: string): Promise<ObjectOf<'invoice'>> {
  const invoice = await unit.need('invoice', invoiceId)
  await unit.useTestClock(invoice.test_clock)
  return invoice
}

async function pay(money: Money, invoice: ObjectOf<'invoice'>, fields: CardFields): Promise<PageAnswer> {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return { goTo: `/i/${invoice.id}` }
  const entry = readCardFields(fields, money.unit.now())
  if (!('card' in entry)) return invoicePage(money, invoice, entry.text)
  const name = fields.name === '' ? null : fields.name
  const method = attachPaymentMethod(money.unit, createPaymentMethod(money.unit, entry, { name }), invoice.customer)
  return collect(money, invoice, method.id, 'present')
}

async function collect(
  money: Money,
  invoice: ObjectOf<'invoice'>,
  methodId: string,
  presence: 'present' | 'confirmed',
): Promise<PageAnswer> {
  const { invoice: after, charge } = await collectInvoice(money, invoice, { methodId, presence, isAutomatic: false })
  if (charge?.kind === 'must_confirm') return { goTo: `/i/${invoice.id}/confirm` }
  if (charge?.kind === 'declined') return invoicePage(money, after, charge.decline.text)
  return { goTo: `/i/${invoice.id}` }
}
