import { html } from 'hono/html'
import type { Html } from '../sign-in/pages/page.ts'

/** `2028-02-29`: unmistakable in every country. */
export function dateText(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10)
}

/** The same day, for machines too. */
export function dayText(epochMs: number): Html {
  return html`<time datetime="${new Date(epochMs).toISOString()}">${dateText(epochMs)}</time>`
}

/** To the minute, in UTC. */
export function minuteText(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`
}

/** `USD 995.00`; an amount in the currency's smallest unit. */
export function moneyText(cents: number, currency: string): string {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  return `${currency.toUpperCase()} ${(cents / 10 ** digits).toFixed(digits)}`
}

/** A value to be entered elsewhere: one press marks all of it. */
export function copyable(value: string): Html {
  return html`<code class="copy">${value}</code>`
}

/** One button that changes something. */
export function actForm(action: string, label: string, look: 'main' | 'quiet' = 'quiet'): Html {
  return html`<form method="post" action="${action}"><button type="submit"${look === 'quiet' ? html` class="quiet"` : ''}>${label}</button></form>`
}
