import { html } from 'hono/html'
import type { Money } from '../money/money-context.ts'
import { day, frame, type Markup, sum } from './frame.ts'
import type { PageAnswer } from './page-call.ts'

const SHOWN = 20

/** What a buyer's bank does, for whoever tries the product: the latest charges and disputes, with buttons. */
export async function controlPage({ unit }: Money): Promise<PageAnswer> {
  const { data: charges } = await unit.list('charge', { limit: SHOWN }, ({ status }) => status === 'succeeded')
  const { data: disputes } = await unit.list('dispute', { limit: SHOWN })
  const { data: stripeEvents } = await unit.list('event', { limit: SHOWN })
  const page = frame(
    'Payments double',
    html`<h1>Payments double</h1><p>Here is what Stripe and a buyer’s bank would do.</p>
<section class="card"><h2>Charges</h2>${table(
      charges.map(
        (one) =>
          html`<tr><td>${one.description ?? one.id}</td><td>${day(one.created)}</td><td class="sum">${sum(one.amount, one.currency)}</td><td>${one.disputed ? 'disputed' : button('/double/dispute', one.id, 'Dispute')}</td></tr>`,
      ),
      ['Charge', 'Date', 'Amount', 'Bank'],
    )}</section>
<section class="card"><h2>Disputes</h2>${table(
      disputes.map(
        (one) =>
          html`<tr><td>${one.reason}</td><td>${one.status}</td><td>${one.status === 'needs_response' ? html`${button('/double/dispute/won', one.id, 'Won')}${button('/double/dispute/lost', one.id, 'Lost')}` : ''}</td></tr>`,
      ),
      ['Reason', 'State', 'Decide'],
    )}</section>
<section class="card"><h2>Latest events</h2>${table(
      stripeEvents.map((one) => html`<tr><td>${one.type}</td><td>${one.pending_webhooks}</td></tr>`),
      ['Event', 'Webhooks waiting'],
    )}</section>`,
  )
  return { page }
}

function button(action: string, objectId: string, label: string): Markup {
  return html`<form method="post" action="${action}"><button class="quiet" name="object" value="${objectId}">${label}</button></form>`
}

function table(rows: readonly Markup[], heads: readonly string[]): Markup {
  if (rows.length === 0) return html`<p>There is none.</p>`
  return html`<div class="scroll"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`
}
