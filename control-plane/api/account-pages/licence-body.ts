import { html } from 'hono/html'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { Html } from '../sign-in/pages/page.ts'
import { domainPart } from './domain-part.ts'
import { badge } from './licence-list.ts'
import { licenceWords } from './licence-words.ts'
import type { LicencePage } from './read-licence.ts'
import { setupPart } from './setup-part.ts'
import { actForm, dayText } from './texts.ts'

/** One licence: where it stands, what can be done with it, how its domain comes on. */
export function licenceBody(view: LicencePage): Html {
  const { licence, contestedUntil, run } = view
  const words = licenceWords(licence)
  const domainParts = html`${setupPart(view)}
${domainPart(view)}`
  return html`<p>${badge(words)}</p>
<p>${words.next}</p>
${contestedUntil === undefined ? '' : html`<p class="banner" role="status">Somebody else has shown that this domain is under their control. <a href="/contests">Keep it</a> before ${dayText(contestedUntil)}.</p>`}
${actsPart(view)}
${run === undefined ? '' : domainParts}
<h2>Licence</h2>
<dl class="facts">
<dt>Period</dt><dd>${periodText(licence)}</dd>
<dt>Price</dt><dd>${licence.billing === 'complimentary' ? 'free of charge' : `${view.price} a year, plus tax where it is due`}</dd>
<dt>Paid by</dt><dd>${payerText(licence)}</dd>
<dt>Invoices</dt><dd>${invoiceLinks(licence)}</dd>
<dt>Licence number</dt><dd>${licence.licenceId}</dd>
</dl>
${run === undefined ? domainParts : ''}`
}

function actsPart({ licence, acts }: LicencePage): Html {
  const base = `/licences/${licence.licenceId}`
  const openInvoice = openInvoiceOf(licence)
  const forms = [
    ...(acts.pay ? [actForm(`${base}/pay`, 'Pay', 'main')] : []),
    ...(openInvoice === undefined ? [] : [html`<a class="button" href="${openInvoice}">Pay the invoice</a>`]),
    ...(acts.undoCancel ? [actForm(`${base}/undo-cancel`, 'Undo the cancellation', 'main')] : []),
    ...(acts.portal ? [actForm(`${base}/portal`, 'Payment method and tax number')] : []),
    ...(acts.cancel ? [cancelForm(licence)] : []),
  ]
  return forms.length === 0 ? html`` : html`<div class="acts">${forms}</div>`
}

/** The first press tells what it does; the second does it. */
function cancelForm({ licenceId, state }: Licence): Html {
  const isNow = state === 'past_due' || state === 'grace'
  return html`<details><summary>Cancel</summary>
<p>${isNow ? 'Nothing is paid for now, so the licence is suspended at once, and its open invoice is void.' : 'It works until the end of its period and is not charged again. Until then you can undo this.'}</p>
${actForm(`/licences/${licenceId}/cancel`, 'Cancel the licence')}</details>`
}

function openInvoiceOf({ stripe }: Licence): string | undefined {
  const invoice = stripe?.latestInvoice
  return invoice?.status === 'open' ? invoice.hostedUrl : undefined
}

function periodText({ periodStart, periodEnd }: Licence): Html {
  return periodStart === undefined || periodEnd === undefined
    ? html`none yet: it begins when the licence is paid`
    : html`${dayText(periodStart)} to ${dayText(periodEnd)}`
}

function payerText({ billing, stripe }: Licence): string {
  const method = stripe?.paymentMethod
  if (billing === 'complimentary') return 'nobody'
  if (method !== undefined)
    return `${method.brand} ending in ${method.last4}, good through ${String(method.expMonth).padStart(2, '0')}/${method.expYear}`
  return billing === 'invoice' ? 'invoice' : 'not paid yet'
}

function invoiceLinks({ licenceId, stripe }: Licence): Html {
  const latest = stripe?.latestInvoice
  if (latest === undefined) return html`none yet`
  const { hostedUrl, status } = latest
  const link = hostedUrl === undefined ? '' : html`<a href="${hostedUrl}">The latest</a> (${status}), `
  return html`${link}<a href="/licences/${licenceId}/invoices">all of this licence</a>`
}
