import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idOf, open, post, sellLicences, typedCard } from '#test/stripe/harness/buy.ts'
import { createTestDouble, type TestDouble } from '#test/stripe/harness/test-double.ts'

const DAY = 86_400

let test: TestDouble
let customerId: string
let subscriptionId: string
let invoiceId: string
beforeEach(async () => {
  test = await createTestDouble()
  const { priceId } = await sellLicences(test.stripe)
  customerId = (await test.stripe.customers.create({ name: 'Buyer Ltd', email: 'buyer@example.com' })).id
  const subscription = await test.stripe.subscriptions.create({
    customer: customerId,
    items: [{ price: priceId }],
    collection_method: 'send_invoice',
    days_until_due: 30,
    metadata: { licenceId: 'lic_1' },
    invoice_settings: { custom_fields: [{ name: 'PO number', value: 'PO-7' }] },
  })
  subscriptionId = subscription.id
  invoiceId = idOf(subscription.latest_invoice)
})
afterEach(() => test.close())

describe('an invoice that is sent', () => {
  it('is a draft for an hour, then open, due in 30 days, with the purchase order on it', async () => {
    expect((await test.stripe.subscriptions.retrieve(subscriptionId)).status).toBe('active')
    expect(await test.stripe.invoices.retrieve(invoiceId)).toMatchObject({ status: 'draft', due_date: null })
    test.clock.advance(3600)
    await test.double.tick()
    const invoice = await test.stripe.invoices.retrieve(invoiceId)
    expect(invoice).toMatchObject({
      status: 'open',
      custom_fields: [{ name: 'PO number', value: 'PO-7' }],
      due_date: Math.floor(test.clock.now() / 1000) + 30 * DAY,
      next_payment_attempt: null,
    })
    expect(invoice.number).toMatch(/-0001$/)
    expect((await test.types()).slice(-2)).toEqual(['invoice.finalized', 'invoice.sent'])
  })

  it('is paid on its page', async () => {
    const { hosted_invoice_url: url } = await test.stripe.invoices.finalizeInvoice(invoiceId)
    const path = new URL(url ?? '').pathname
    expect((await open(test.double, path)).text).toContain('PO number: PO-7')
    expect((await post(test.double, path, typedCard('4000000000000002'))).status).toBe(402)
    expect((await post(test.double, path, typedCard())).status).toBe(303)
    expect((await open(test.double, path)).text).toContain('Invoice paid')
    expect(await test.stripe.invoices.retrieve(invoiceId)).toMatchObject({ status: 'paid', amount_paid: 99_500 })
  })

  it('is paid on its page by a card that the bank asks about', async () => {
    const { hosted_invoice_url: url } = await test.stripe.invoices.finalizeInvoice(invoiceId)
    const path = new URL(url ?? '').pathname
    expect((await post(test.double, path, typedCard('4000002500003155'))).location).toBe(`${path}/confirm`)
    expect((await post(test.double, `${path}/confirm`, { decision: 'refuse' })).status).toBe(402)
    await post(test.double, `${path}/confirm`, { decision: 'confirm' })
    expect((await test.stripe.invoices.retrieve(invoiceId)).status).toBe('paid')
  })

  it('is paid by a bank transfer that the seller has seen', async () => {
    await test.stripe.invoices.finalizeInvoice(invoiceId)
    const paid = await test.stripe.invoices.pay(invoiceId, { paid_out_of_band: true })
    expect(paid).toMatchObject({ status: 'paid', amount_paid_off_stripe: 99_500 })
    await expect(test.stripe.invoices.pay(invoiceId)).rejects.toMatchObject({ code: 'invoice_already_paid' })
  })

  it('makes the subscription past due when it is not paid in time, and unpaid a month later', async () => {
    await test.stripe.invoices.finalizeInvoice(invoiceId)
    const status = async () => (await test.stripe.subscriptions.retrieve(subscriptionId)).status
    test.clock.advance(30 * DAY)
    await test.double.tick()
    expect(await status()).toBe('past_due')
    expect(await test.types()).toContain('invoice.overdue')
    test.clock.advance(30 * DAY)
    await test.double.tick()
    expect(await status()).toBe('unpaid')
    await test.stripe.invoices.voidInvoice(invoiceId)
    expect(await status()).toBe('active')
    await expect(test.stripe.invoices.markUncollectible(invoiceId)).rejects.toMatchObject({ statusCode: 400 })
  })

  it('can be kept as a PDF', async () => {
    await test.stripe.invoices.finalizeInvoice(invoiceId)
    const { headers, text } = await open(test.double, `/i/${invoiceId}/pdf`)
    expect(headers.get('content-type')).toBe('application/pdf')
    const at = Number(/startxref\n(\d+)\n/.exec(text)?.[1])
    expect(text.slice(at, at + 4)).toBe('xref')
    expect(text).toContain('PO number: PO-7')
  })

  it('stays a draft when its tax cannot be told, and is finalized once there is an address', async () => {
    const { stripe } = test
    const { data } = await stripe.prices.list({ lookup_keys: ['licence_year'] })
    const taxed = await stripe.subscriptions.create({
      customer: customerId,
      items: [{ price: data[0]?.id ?? '' }],
      collection_method: 'send_invoice',
      days_until_due: 30,
      automatic_tax: { enabled: true },
    })
    const draftId = idOf(taxed.latest_invoice)
    test.clock.advance(3600)
    await test.double.tick()
    expect(await test.types()).toContain('invoice.finalization_failed')
    await expect(stripe.invoices.finalizeInvoice(draftId)).rejects.toMatchObject({
      code: 'customer_tax_location_invalid',
    })
    await stripe.customers.update(customerId, { address: { country: 'GB' } })
    expect(await stripe.invoices.finalizeInvoice(draftId)).toMatchObject({
      status: 'open',
      automatic_tax: { status: 'complete' },
    })
  })
})
