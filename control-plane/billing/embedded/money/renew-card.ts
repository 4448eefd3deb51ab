import type { Unit } from '../state/unit.ts'

/** A card that the holder's bank has renewed: the same card with a new expiry. */
export async function renewCard(
  unit: Unit,
  paymentMethodId: string,
  { expMonth, expYear }: { readonly expMonth: number; readonly expYear: number },
): Promise<void> {
  const before = await unit.need('payment_method', paymentMethodId)
  if (before.card === undefined) throw new Error(`the payment method ${paymentMethodId} is no card`)
  const after = { ...before, card: { ...before.card, exp_month: expMonth, exp_year: expYear } }
  unit.put('payment_method', after)
  unit.tell('payment_method.automatically_updated', after, before)
}
