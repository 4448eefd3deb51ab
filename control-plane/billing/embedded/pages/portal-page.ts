import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Money } from '../money/money-context.ts'
import { periodEndOf } from '../money/start-subscription.ts'
import type { ObjectOf } from '../state/objects.ts'
import { cardFields, errorBox } from './card-form.ts'
import { day, frame, type Markup, sum } from './frame.ts'
import type { PageAnswer } from './page-call.ts'

/** The customer's own page: his subscriptions, card, invoices and address for invoices. */
export async function portalPage(
  money: Money,
  session: ObjectOf<'billing_portal.session'>,
  problem?: string,
): Promise<PageAnswer> {
  const { unit, settings } = money
  const base = `/p/session/${session.id}`
  const customer = await unit.need('customer', session.customer)
  const subscriptions = await unit.all('subscription', customer.id, ({ ended_at: endedAt }) => endedAt === null)
  const invoices = await unit.all('invoice', customer.id, ({ status }) => status !== 'draft')
  const { default_payment_method: defaultId } = customer.invoice_settings
  const [paying] = subscriptions.flatMap(({ default_payment_method: one }) => one ?? [])
  const methodId = paying ?? (typeof defaultId === 'string' ? defaultId : undefined)
  const method = methodId === undefined ? undefined : await unit.find('payment_method', methodId)
  const parts = await Promise.all(subscriptions.map((one) => subscriptionPart(money, base, one)))
  const back =
    session.return_url === null
      ? html``
      : html`<p><a href="${session.return_url}">Return to ${settings.sellerName}</a></p>`
  const page = frame(
    `Billing at ${settings.sellerName}`,
    html`${back}<h1>Billing at ${settings.sellerName}</h1>${errorBox(problem)}
<section class="card"><h2>Subscriptions</h2>${parts.length === 0 ? html`<p>There is none.</p>` : parts}</section>
<section class="card"><h2>Payment method</h2><p>${cardText(method)}</p>
<details${problem === undefined ? '' : ' open'}><summary>Change the card</summary><form method="post" action="${base}/card" novalidate>${cardFields({}, problem !== undefined)}<button>Save card</button></form></details></section>
<section class="card"><h2>Invoices</h2>${invoiceTable(invoices)}</section>
<section class="card"><h2>Billing details</h2><form method="post" action="${base}/details">
<div class="field"><label for="billing-name">Name</label><input id="billing-name" name="name" value="${customer.name ?? ''}"></div>
<div class="field"><label for="billing-email">E-mail</label><input id="billing-email" name="email" type="email" value="${customer.email ?? ''}"></div>
<button class="quiet">Save details</button></form></section>`,
  )
  return { page, returnUrl: session.return_url, status: problem === undefined ? 200 : 402 }
}

function cardText(method: ObjectOf<'payment_method'> | undefined): string {
  if (method?.card === undefined) return 'No card is kept.'
  const { brand, last4, exp_month: month, exp_year: year } = method.card
  return `${brand[0]?.toUpperCase()}${brand.slice(1)} ending in ${last4}, good until ${String(month).padStart(2, '0')}/${year}`
}

async function subscriptionPart(
  { unit }: Money,
  base: string,
  subscription: ObjectOf<'subscription'>,
): Promise<HtmlEscapedString> {
  const [item] = subscription.items.data
  const product = await unit.need('product', item?.price.product ?? '')
  const price = item === undefined ? '' : sum(item.price.unit_amount ?? 0, item.price.currency)
  const end = day(periodEndOf(subscription))
  const isEnding = subscription.cancel_at_period_end
  const behind = ['past_due', 'unpaid'].includes(subscription.status) ? ' A payment is missing.' : ''
  return html`<p>${product.name}: ${price} per ${item?.price.recurring?.interval ?? 'year'}. ${isEnding ? `Ends on ${end}.` : `Renews on ${end}.`}${behind}</p>
<form method="post" action="${base}/${isEnding ? 'keep' : 'cancel'}"><p><button class="quiet" name="subscription" value="${subscription.id}">${isEnding ? 'Do not cancel' : `Cancel on ${end}`}</button></p></form>`
}

function invoiceTable(invoices: readonly ObjectOf<'invoice'>[]): Markup {
  if (invoices.length === 0) return html`<p>There is none.</p>`
  return html`<div class="scroll"><table><thead><tr><th scope="col">Invoice</th><th scope="col">Date</th><th scope="col">State</th><th scope="col" class="sum">Amount</th></tr></thead><tbody>
${invoices.map(
  (one) =>
    html`<tr><td><a href="/i/${one.id}">${one.number ?? 'Invoice'}</a></td><td>${day(one.created)}</td><td>${one.status ?? ''}</td><td class="sum">${sum(one.total, one.currency)}</td></tr>`,
)}</tbody></table></div>`
}
