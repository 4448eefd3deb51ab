import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { CardConduct, type Decline, declineOf, hasCheckDigit, TEST_CARDS, type TestCard } from './test-cards.ts'

export type EnteredCard = { readonly number: string; readonly expMonth: number; readonly expYear: number }

export type CardEntry = { readonly card: TestCard; readonly expMonth: number; readonly expYear: number }

/** What is wrong with a card as it was entered, in the words a buyer is shown; or the test card it is. */
export function readCard(entered: EnteredCard, now: number): CardEntry | Decline {
  const number = entered.number.replaceAll(/[\s-]/g, '')
  if (!hasCheckDigit(number)) return wrong('incorrect_number', 'Your card number is incorrect.')
  const { expMonth, expYear } = entered
  if (!(expMonth >= 1 && expMonth <= 12))
    return wrong('invalid_expiry_month', 'Your card’s expiration month is invalid.')
  if (isPast({ exp_month: expMonth, exp_year: expYear }, now)) return declineOf('expired_card')
  const card = TEST_CARDS.find((one) => one.number === number)
  if (card !== undefined) return { card, expMonth, expYear }
  return wrong(
    'card_declined',
    'Your card was declined. Only Stripe’s test card numbers work here, such as 4242 4242 4242 4242.',
  )
}

function wrong(code: string, text: string): Decline {
  return { code, declineCode: code, text }
}

/** A card is good to the end of its month. */
export function isPast(card: { readonly exp_month: number; readonly exp_year: number }, now: number): boolean {
  return now >= Date.UTC(card.exp_year, card.exp_month, 1) / 1000
}

/** Keeps a card that was entered: brand, last four digits and expiry; of the number only how it behaves. */
export function createPaymentMethod(
  unit: Unit,
  entry: CardEntry,
  billing: Partial<ObjectOf<'payment_method'>['billing_details']> = {},
): ObjectOf<'payment_method'> {
  const last4 = entry.card.number.slice(-4)
  const made: ObjectOf<'payment_method'> = {
    id: unit.mint('payment_method'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: NO_ADDRESS, email: null, name: null, phone: null, tax_id: null, ...billing },
    card: {
      brand: entry.card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: entry.card.brand,
      exp_month: entry.expMonth,
      exp_year: entry.expYear,
      fingerprint: `fp${last4}${entry.card.brand}`,
      funding: 'credit',
      generated_from: null,
      last4,
      networks: { available: [entry.card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: unit.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  }
  unit.put('payment_method', made)
  unit.putNote('conduct', made.id, entry.card.conduct)
  return made
}

export const NO_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

/** Puts a payment method into a customer's hands. */
export function attachPaymentMethod(
  unit: Unit,
  method: ObjectOf<'payment_method'>,
  customerId: string,
): ObjectOf<'payment_method'> {
  if (method.customer === customerId) return method
  const attached = { ...method, customer: customerId }
  unit.put('payment_method', attached)
  unit.tell('payment_method.attached', attached)
  return attached
}

export async function conductOf(unit: Unit, paymentMethodId: string): Promise<CardConduct> {
  return CardConduct.parse((await unit.note('conduct', paymentMethodId)) ?? {})
}
