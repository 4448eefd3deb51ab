import { html } from 'hono/html'
import type { Money } from '../money/money-context.ts'
import type { ObjectOf } from '../state/objects.ts'
import { cardFields, errorBox } from './card-form.ts'
import { day, frame, type Markup, sum } from './frame.ts'
import type { PageAnswer } from './page-call.ts'

const HEADINGS: Readonly<Record<string, string>> = {
  open: 'Invoice to pay',
  paid: 'Invoice paid',
  void: 'Invoice void',
  uncollectible: 'Invoice to pay',
  draft: 'Invoice in preparation',
}

/** What is to pay and since when, with a card form while it is open. */
export function invoicePage(money: Money, invoice: ObjectOf<'invoice'>, problem?: string): PageAnswer {
  const { currency, status } = invoice
  const heading = HEADINGS[status ?? ''] ?? 'Invoice'
  const isPayable = status === 'open' || status === 'uncollectible'
  const amount = sum(isPayable ? invoice.amount_remaining : invoice.total, currency)
  const form = html`${errorBox(problem)}<form class="card" method="post" action="/i/${invoice.id}" novalidate>
${cardFields({}, problem !== undefined)}<button>Pay ${amount}</button></form>`
  const page = frame(
    `${heading} ${invoice.number ?? ''}`,
    html`<div class="card"><h1>${heading}</h1><p class="amount">${amount}</p>
<p>${money.settings.sellerName} to ${invoice.customer_name ?? invoice.customer_email ?? ''}. ${dueText(invoice)}</p>
${linesTable(invoice)}<p><a href="/i/${invoice.id}/pdf">Download as PDF</a></p></div>${isPayable ? form : html``}`,
  )
  return { page, status: problem === undefined ? 200 : 402 }
}

function dueText({ due_date: dueAt, status, status_transitions: { paid_at: paidAt } }: ObjectOf<'invoice'>): string {
  if (status === 'paid' && paidAt !== null) return `Paid on ${day(paidAt)}.`
  return dueAt === null ? '' : `Due on ${day(dueAt)}.`
}

function linesTable(invoice: ObjectOf<'invoice'>): Markup {
  const { currency } = invoice
  const tax = invoice.total - invoice.subtotal
  const row = (label: string, amount: number) =>
    html`<tr><td>${label}</td><td class="sum">${sum(amount, currency)}</td></tr>`
  return html`<div class="scroll"><table><thead><tr><th scope="col">Invoice ${invoice.number ?? ''}</th><th scope="col" class="sum">Amount</th></tr></thead><tbody>
${invoice.lines.data.map(({ description, period, amount }) => row(`${description ?? ''}, ${day(period.start)} to ${day(period.end)}`, amount))}
${(invoice.custom_fields ?? []).map(({ name, value }) => html`<tr><td>${name}: ${value}</td><td></td></tr>`)}
${tax === 0 ? html`` : row('Tax', tax)}${row('Total', invoice.total)}</tbody></table></div>`
}
