import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { refuse } from '../wire/refusal.ts'

/** How long the banks of the two cards with slow refunds take. */
const SLOW_SECONDS = 600

export type NewRefund = {
  readonly charge: ObjectOf<'charge'>
  readonly amount: number | undefined
  readonly reason: ObjectOf<'refund'>['reason']
  readonly metadata: Record<string, string>
}

/** Gives money of a charge back; the whole rest without an amount. */
export async function refundCharge(unit: Unit, input: NewRefund): Promise<ObjectOf<'refund'>> {
  const { charge } = input
  const rest = charge.amount_captured - charge.amount_refunded
  const amount = input.amount ?? rest
  if (charge.status !== 'succeeded')
    throw refuse.invalid('This charge has not been paid.', { code: 'charge_not_refundable' })
  if (rest === 0)
    throw refuse.invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  if (amount <= 0 || amount > rest)
    throw refuse.invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${rest})`, {
      param: 'amount',
    })
  const way = await unit.note('refund', charge.id)
  const refund: ObjectOf<'refund'> = {
    id: unit.mint('refund'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: unit.now(),
    currency: charge.currency,
    customer: charge.customer,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: input.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: input.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: way === 'pending' ? 'pending' : 'succeeded',
    transfer_reversal: null,
  }
  unit.put('refund', refund)
  if (way === 'pending' || way === 'fails') {
    unit.putNote('refund', refund.id, way)
    unit.due(unit.now() + SLOW_SECONDS, { kind: 'refund', objectId: refund.id })
  }
  unit.tell('refund.created', refund)
  const refunded = { ...charge, amount_refunded: charge.amount_refunded + amount, refunded: amount === rest }
  unit.put('charge', refunded)
  unit.tell('charge.refunded', refunded, charge)
  return refund
}

/** A slow refund arrives, or comes back: then the money is the seller's again. */
export async function settleRefund(unit: Unit, refundId: string): Promise<void> {
  const refund = await unit.need('refund', refundId)
  const way = await unit.note('refund', refundId)
  if (way === 'pending' && refund.status === 'pending') {
    const done = { ...refund, status: 'succeeded' }
    unit.put('refund', done)
    unit.tell('refund.updated', done, refund)
  }
  if (way === 'fails' && refund.status === 'succeeded') {
    const failed = { ...refund, status: 'failed', failure_reason: 'unknown' }
    const charge = await unit.need('charge', refund.charge)
    unit.put('refund', failed)
    unit.put('charge', { ...charge, amount_refunded: charge.amount_refunded - refund.amount, refunded: false })
    unit.tell('refund.updated', failed, refund)
    unit.tell('refund.failed', failed)
  }
}
