import { html } from 'hono/html'
import type { InvoiceView } from '#control-plane/billing/list-invoices.ts'
import type { Html } from '../sign-in/pages/page.ts'
import { dayText, moneyText } from './texts.ts'

/** Invoices with the pages where they are read and paid. */
export function invoiceList(invoices: readonly InvoiceView[]): Html {
  if (invoices.length === 0) return html`<p>There is no invoice yet.</p>`
  return html`<ul>${invoices.map(invoiceItem)}</ul>`
}

function invoiceItem(invoice: InvoiceView): Html {
  const { number, status, totalCents, currency, createdAt, dueAt, hostedUrl, pdfUrl } = invoice
  return html`<li><h3>${number ?? 'Invoice'}, ${moneyText(totalCents, currency)}</h3>
<p><span class="state ${status === 'open' ? 'bad' : 'waits'}">${status}</span> of ${dayText(createdAt)}${status === 'open' && dueAt !== undefined ? html`, due ${dayText(dueAt)}` : ''}</p>
<p>${hostedUrl === undefined ? '' : html`<a href="${hostedUrl}">${status === 'open' ? 'Pay or read it' : 'Read it'}</a> `}${pdfUrl === undefined ? '' : html`<a href="${pdfUrl}">As PDF</a>`}</p></li>`
}
