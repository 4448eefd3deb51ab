import * as z from 'zod'

/**
 * What a card does. `attach`: when it is entered; `charge`: at each payment; undefined: it goes well. `authenticates`: the buyer must
 * confirm when present, and a payment without him is declined where it says `always`.
 */
export const CardConduct = z.object({
  attach: z.string().exactOptional(),
  charge: z.string().exactOptional(),
  authenticates: z.enum(['at_setup', 'always']).exactOptional(),
  isDisputed: z.boolean().exactOptional(),
  refund: z.enum(['pending', 'fails']).exactOptional(),
})
export type CardConduct = z.infer<typeof CardConduct>

export type TestCard = {
  readonly number: string
  readonly brand: 'visa' | 'mastercard' | 'amex'
  readonly token?: string
  readonly conduct: CardConduct
}

/** Stripe's published test cards (stripe.com/docs/testing), those a yearly licence can meet. */
export const TEST_CARDS: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', token: 'visa', conduct: {} },
  { number: '5555555555554444', brand: 'mastercard', token: 'mastercard', conduct: {} },
  { number: '378282246310005', brand: 'amex', token: 'amex', conduct: {} },
  { number: '4000000000000002', brand: 'visa', conduct: { attach: 'generic_decline', charge: 'generic_decline' } },
  {
    number: '4000000000009995',
    brand: 'visa',
    conduct: { attach: 'insufficient_funds', charge: 'insufficient_funds' },
  },
  { number: '4000000000009987', brand: 'visa', conduct: { attach: 'lost_card', charge: 'lost_card' } },
  { number: '4000000000000069', brand: 'visa', conduct: { attach: 'expired_card', charge: 'expired_card' } },
  { number: '4000000000000119', brand: 'visa', conduct: { attach: 'processing_error', charge: 'processing_error' } },
  // Enters well and fails whenever it is charged: at a checkout it is a card whose first payment goes through.
  { number: '4000000000000341', brand: 'visa', token: 'chargeCustomerFail', conduct: { charge: 'generic_decline' } },
  { number: '4000002500003155', brand: 'visa', conduct: { authenticates: 'at_setup' } },
  {
    number: '4000002760003184',
    brand: 'visa',
    token: 'authenticationRequired',
    conduct: { authenticates: 'always' },
  },
  { number: '4000000000000259', brand: 'visa', token: 'createDispute', conduct: { isDisputed: true } },
  { number: '4000000000007726', brand: 'visa', token: 'pendingRefund', conduct: { refund: 'pending' } },
  { number: '4000000000005126', brand: 'visa', token: 'refundFail', conduct: { refund: 'fails' } },
]

export type Decline = { readonly code: string; readonly declineCode: string; readonly text: string }

const TEXTS: Readonly<Record<string, string>> = {
  generic_decline: 'Your card was declined.',
  insufficient_funds: 'Your card has insufficient funds.',
  lost_card: 'Your card was declined.',
  expired_card: 'Your card has expired.',
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
}

/** The words of a decline; some declines are a `code` of their own, others are `card_declined` with a reason. */
export function declineOf(reason: string): Decline {
  const isOwnCode = ['expired_card', 'processing_error', 'authentication_required'].includes(reason)
  return {
    code: isOwnCode ? reason : 'card_declined',
    declineCode: reason,
    text: TEXTS[reason] ?? 'Your card was declined.',
  }
}

/** True when the digits end in their check digit (ISO/IEC 7812-1, Luhn). */
export function hasCheckDigit(number: string): boolean {
  const sum = number
    .split('')
    .toReversed()
    .reduce((total, digit, at) => {
      const value = Number(digit) * (at % 2 === 1 ? 2 : 1)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return /^\d{12,19}$/.test(number) && sum % 10 === 0
}
