import { html } from 'hono/html'
import { frame, type Markup } from './frame.ts'

/** What the buyer's bank would show: he confirms, or does not. */
export function confirmPage(input: {
  readonly amount: string
  readonly seller: string
  readonly action: string
}): Markup {
  return frame(
    'Confirm your payment',
    html`<div class="card"><h1>Confirm your payment</h1>
<p>Your bank asks: do you want to pay ${input.amount} to ${input.seller}?</p>
<form method="post" action="${input.action}"><p><button name="decision" value="confirm">Confirm payment</button></p>
<p><button class="quiet" name="decision" value="refuse">Refuse</button></p></form></div>`,
  )
}

export const NOT_CONFIRMED =
  'We are unable to authenticate your payment method. Please choose a different payment method and try again.'
