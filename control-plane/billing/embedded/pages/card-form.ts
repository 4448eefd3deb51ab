import { html } from 'hono/html'
import * as z from 'zod'
import { type CardEntry, readCard } from '../money/payment-method.ts'
import type { Decline } from '../money/test-cards.ts'
import type { Markup } from './frame.ts'

const typed = z.string().trim().default('')

/** What a buyer types; all of it optional, so that what is missing is said in the page. */
export const CardFields = z.object({ number: typed, expiry: typed, cvc: typed, name: typed })
export type CardFields = z.infer<typeof CardFields>

const NONE: Partial<CardFields> = {}

/** Card number, expiry and security code; a wrong try comes back with everything but these. */
export function cardFields(before: Partial<CardFields> = NONE, isWrong = false): Markup {
  const invalid = isWrong ? 'true' : 'false'
  return html`<fieldset><legend class="field"><strong>Card</strong></legend>
<div class="field"><label for="number">Card number</label><input id="number" name="number" inputmode="numeric" autocomplete="cc-number" placeholder="4242 4242 4242 4242" required aria-invalid="${invalid}" aria-describedby="help"></div>
<div class="row"><div class="field"><label for="expiry">Expiry (MM / YY)</label><input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" placeholder="12 / 34" required></div>
<div class="field"><label for="cvc">Security code</label><input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="123" required></div></div>
<div class="field"><label for="name">Name on card</label><input id="name" name="name" autocomplete="cc-name" value="${before.name ?? ''}"></div>
<p class="notice" id="help">4242 4242 4242 4242 pays. 4000 0000 0000 0002 is declined. 4000 0000 0000 0341 pays now and fails at renewal. 4000 0025 0000 3155 asks to confirm.</p></fieldset>`
}

/** The card that was typed, or what is wrong with it. */
export function readCardFields(fields: CardFields, nowSeconds: number): CardEntry | Decline {
  const [, month = '', year = ''] = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(fields.expiry) ?? []
  if (month === '') return wrong('invalid_expiry', 'Your card’s expiry is not a month and a year, such as 12 / 34.')
  if (!/^\d{3,4}$/.test(fields.cvc)) return wrong('invalid_cvc', 'Your card’s security code is incomplete.')
  const expYear = year.length === 2 ? 2000 + Number(year) : Number(year)
  return readCard({ number: fields.number, expMonth: Number(month), expYear }, nowSeconds)
}

function wrong(code: string, text: string): Decline {
  return { code, declineCode: code, text }
}

export function errorBox(text: string | undefined): Markup {
  return text === undefined ? html`` : html`<p class="error" role="alert">${text}</p>`
}
