import type { DashboardSettings } from '../state/double-context.ts'
import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'

export type TaxDecision =
  | { readonly kind: 'computed'; readonly amount: number; readonly percent: number }
  | { readonly kind: 'location_unknown' }

/** Tax on top of `amount`: only where a registration is active for the customer's country; without one it is silently 0, as at Stripe. */
export async function decideTax(
  unit: Unit,
  settings: DashboardSettings,
  customer: ObjectOf<'customer'>,
  amount: number,
): Promise<TaxDecision> {
  const country = customer.address?.country
  if (country === null || country === undefined || country === '') return { kind: 'location_unknown' }
  const registrations = await unit.all('tax.registration', undefined, (one) => isActive(one, unit.now()))
  const isTaxed = registrations.some((one) => one.country === country) && customer.tax_exempt === 'none'
  const percent = isTaxed ? (settings.taxPercents[country] ?? 0) : 0
  return { kind: 'computed', amount: Math.round((amount * percent) / 100), percent }
}

export function isActive(registration: ObjectOf<'tax.registration'>, now: number): boolean {
  return registration.active_from <= now && (registration.expires_at === null || registration.expires_at > now)
}
