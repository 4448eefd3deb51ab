import { html } from 'hono/html'
import type { Money } from '../money/money-context.ts'
import { LineItems, SessionFacts } from '../money/new-session.ts'
import { TAX_ID_TYPES } from '../money/tax-ids.ts'
import type { ObjectOf } from '../state/objects.ts'
import { cardFields, errorBox } from './card-form.ts'
import { COUNTRIES } from './countries.ts'
import { day, frame, type Markup, sum } from './frame.ts'
import type { PageAnswer } from './page-call.ts'

export type Typed = Readonly<Record<string, string>>

/** The form of an open session, or what became of it. */
export async function checkoutPage(
  money: Money,
  session: ObjectOf<'checkout.session'>,
  typed: Typed = {},
  problem?: string,
): Promise<PageAnswer> {
  const { unit, settings } = money
  const { cancel_url: cancelUrl, success_url: successUrl } = session
  if (session.status === 'expired') return { page: ended('This checkout has expired', cancelUrl), status: 410 }
  if (session.status === 'complete') return { goTo: returnTo(session) }
  const facts = SessionFacts.parse(await unit.note('session', session.id))
  const { data } = LineItems.parse(await unit.note('line-items', session.id))
  const customer = await unit.need('customer', session.customer)
  const price = await unit.need('price', data[0]?.price.id ?? '')
  const amount = sum(session.amount_total ?? 0, session.currency ?? 'usd')
  const back = cancelUrl === null ? html`` : html`<p><a href="${cancelUrl}">Back to ${settings.sellerName}</a></p>`
  const page = frame(
    `Pay ${settings.sellerName}`,
    html`${back}<div class="card"><h1>Subscribe to ${data.map(({ description }) => description).join(', ')}</h1>
<p class="amount">${amount}</p><p>per ${price.recurring?.interval ?? 'year'}, paid to ${settings.sellerName}. Renews until cancelled. This page is open until ${day(session.expires_at)}.</p></div>
${errorBox(problem)}<form class="card" method="post" action="/c/pay/${session.id}" novalidate>
<p>${customer.email ?? ''}</p>${cardFields({ name: typed.name ?? '' }, problem !== undefined)}
${addressFields(typed, customer)}${facts.hasTaxIdCollection ? taxIdFields(typed) : html``}
<button>Subscribe and pay ${amount}</button>${submitText(session)}</form>`,
  )
  return { page, returnUrl: successUrl, status: problem === undefined ? 200 : 402 }
}

function submitText(session: ObjectOf<'checkout.session'>): Markup {
  const { submit } = session.custom_text
  return submit === null ? html`` : html`<p class="notice">${submit.message}</p>`
}

function ended(title: string, cancelUrl: string | null): Markup {
  return frame(
    title,
    html`<div class="card"><h1>${title}</h1><p>Nothing was charged. Start again from the page you came from.</p>${cancelUrl === null ? html`` : html`<p><a href="${cancelUrl}">Go back</a></p>`}</div>`,
  )
}

/** Where the buyer goes once he has paid; Stripe puts the session's id where the seller asks for it. */
export function returnTo(session: ObjectOf<'checkout.session'>): string {
  return (session.success_url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

function addressFields(typed: Typed, customer: ObjectOf<'customer'>): Markup {
  const of = (name: string, stored: string | null | undefined) => typed[name] ?? stored ?? ''
  const country = of('country', customer.address?.country)
  const input = (name: string, label: string, complete: string, stored: string | null | undefined) =>
    html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" autocomplete="billing ${complete}" value="${of(name, stored)}"></div>`
  return html`<fieldset><legend class="field"><strong>Billing address</strong></legend>
<div class="field"><label for="country">Country</label><select id="country" name="country" autocomplete="billing country">${COUNTRIES.map(
    ([code, label]) =>
      country === code
        ? html`<option value="${code}" selected>${label}</option>`
        : html`<option value="${code}">${label}</option>`,
  )}</select></div>
${input('line1', 'Street and number', 'address-line1', customer.address?.line1)}
<div class="row">${input('postal_code', 'Postal code', 'postal-code', customer.address?.postal_code)}${input('city', 'City', 'address-level2', customer.address?.city)}</div>
${input('state', 'State or region, where there is one', 'address-level1', customer.address?.state)}</fieldset>`
}

function taxIdFields(typed: Typed): Markup {
  return html`<fieldset><legend class="field"><strong>Buying as a business</strong></legend>
<div class="field"><label for="business">Business name</label><input id="business" name="business" autocomplete="organization" value="${typed.business ?? ''}"></div>
<div class="row"><div class="field"><label for="tax_type">Tax id type</label><select id="tax_type" name="tax_type"><option value="">None</option>${TAX_ID_TYPES.map(
    (type) =>
      typed.tax_type === type
        ? html`<option value="${type}" selected>${type.replace('_', ' ').toUpperCase()}</option>`
        : html`<option value="${type}">${type.replace('_', ' ').toUpperCase()}</option>`,
  )}</select></div>
<div class="field"><label for="tax_value">Tax id</label><input id="tax_value" name="tax_value" value="${typed.tax_value ?? ''}"></div></div></fieldset>`
}
