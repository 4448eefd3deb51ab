import type Stripe from 'stripe'
import * as z from 'zod'

/** Of an event only this is taken: which customer it is about, or of which charge. */
const EventObject = z.looseObject({
  id: z.string().optional(),
  object: z.string(),
  customer: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
  charge: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
})

export type EventIds = { readonly stripeCustomerId?: string; readonly chargeId?: string }

/** The ids by which the customer of an event is found; a refund and a dispute name a charge instead. */
export function idsOfEvent(stripeEvent: Stripe.Event): EventIds {
  const parsed = EventObject.safeParse(stripeEvent.data.object)
  if (!parsed.success) return {}
  const { id, object, customer, charge } = parsed.data
  const stripeCustomerId = object === 'customer' ? id : nameOf(customer)
  const chargeId = nameOf(charge)
  return {
    ...(stripeCustomerId === undefined ? {} : { stripeCustomerId }),
    ...(chargeId === undefined ? {} : { chargeId }),
  }
}

function nameOf(value: string | { readonly id: string } | null | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.id
}
