import type { ObjectOf } from '../state/objects.ts'
import type { Money } from './money-context.ts'
import { cancelPaymentIntent } from './payment-intent.ts'
import { followInvoice } from './subscription-status.ts'

export function subscriptionIdOf(invoice: ObjectOf<'invoice'>): string | undefined {
  return invoice.parent?.subscription_details?.subscription
}

/** The invoice is paid: by the payment it asked for, or off Stripe (a bank transfer the seller has seen). */
export async function settleInvoice(
  money: Money,
  invoice: ObjectOf<'invoice'>,
  { isOffStripe }: { readonly isOffStripe: boolean },
): Promise<ObjectOf<'invoice'>> {
  const { unit } = money
  const now = unit.now()
  const paid: ObjectOf<'invoice'> = {
    ...invoice,
    status: 'paid',
    attempted: true,
    auto_advance: false,
    amount_paid: invoice.amount_due,
    amount_paid_off_stripe: isOffStripe ? invoice.amount_due : 0,
    amount_remaining: 0,
    ending_balance: 0,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  }
  unit.put('invoice', paid)
  for (const payment of await unit.all('invoice_payment', invoice.id, ({ status }) => status === 'open')) {
    if (isOffStripe) {
      await cancelPaymentIntent(unit, payment.payment.payment_intent, 'void_invoice')
      unit.put('invoice_payment', {
        ...payment,
        status: 'canceled',
        status_transitions: { canceled_at: now, paid_at: null },
      })
      continue
    }
    const settled = {
      ...payment,
      status: 'paid',
      amount_paid: payment.amount_requested,
      status_transitions: { canceled_at: null, paid_at: now },
    }
    unit.put('invoice_payment', settled)
    unit.tell('invoice_payment.paid', settled)
  }
  unit.tell('invoice.updated', paid, invoice)
  unit.tell('invoice.paid', paid)
  unit.tell('invoice.payment_succeeded', paid)
  await followInvoice(money, paid)
  return paid
}

/** The money is no longer asked for: the invoice never was (void) or is given up (uncollectible, may still be paid). */
export async function giveUpInvoice(
  money: Money,
  invoice: ObjectOf<'invoice'>,
  status: 'void' | 'uncollectible',
): Promise<ObjectOf<'invoice'>> {
  const { unit } = money
  const now = unit.now()
  const given: ObjectOf<'invoice'> = {
    ...invoice,
    status,
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: {
      ...invoice.status_transitions,
      ...(status === 'void' ? { voided_at: now } : { marked_uncollectible_at: now }),
    },
  }
  unit.put('invoice', given)
  if (status === 'void')
    for (const payment of await unit.all('invoice_payment', invoice.id, (one) => one.status === 'open')) {
      await cancelPaymentIntent(unit, payment.payment.payment_intent, 'void_invoice')
      unit.put('invoice_payment', {
        ...payment,
        status: 'canceled',
        status_transitions: { canceled_at: now, paid_at: null },
      })
    }
  unit.tell('invoice.updated', given, invoice)
  unit.tell(status === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible', given)
  await followInvoice(money, given)
  return given
}
