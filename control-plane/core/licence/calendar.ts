import type { Licence } from './licence.ts'

export const DAY_MS = 86_400_000

/** Days before the end of what is paid; −45 to −15 is the window of California's law on yearly renewals. */
export const RENEWAL_DAYS = [45, 30, 15, 7, 1] as const
/** Days after day 0 on which an unpaid licensee is written to. */
export const PAST_DUE_DAYS = [0, 3, 7, 14] as const
/** Stripe's Smart Retries are set to end before this; the clock ends them where Stripe's word is missing. */
export const RETRY_DAYS_MAX = 28
/** From suspension to offboarding. */
export const RETENTION_DAYS = 60
/** From claiming a name to losing it unpaid: a purchase order takes weeks, and longer a name is kept from whoever would use it. */
const UNPAID_CLAIM_DAYS = 30
/** Before that its licensee is told. */
export const LAPSE_WARNING_DAYS = 7
/** Stripe leaves a renewal's invoice a draft for about an hour before it charges: silence is no failure before this. */
export const PAYMENT_SETTLES_MS = 6 * 3_600_000

/** When the licensee of an unpaid claim is told that it will lapse. */
export function warnsAtOf({ createdAt }: Licence): number {
  return createdAt + (UNPAID_CLAIM_DAYS - LAPSE_WARNING_DAYS) * DAY_MS
}

/** Until when the name of an unpaid claim is kept. */
export function lapsesAtOf(licence: Licence): number {
  return licence.lapsesAt ?? warnsAtOf(licence) + LAPSE_WARNING_DAYS * DAY_MS
}

/** Day 0: the end of what is paid, or of what a trusted licensee's open invoice is believed for. */
export function dayZeroOf({ paidThrough, creditThrough }: Licence): number | undefined {
  return paidThrough === undefined && creditThrough === undefined
    ? undefined
    : Math.max(paidThrough ?? 0, creditThrough ?? 0)
}

/**
 * The same day and time of day, so many months later, in UTC; the last day of the month where there is no such day. Always counted from
 * the anchor, so that 29 February comes back in the next leap year (Stripe, "Billing cycle anchor").
 */
export function monthsAfter(anchor: number, months: number): number {
  const from = new Date(anchor)
  const day = from.getUTCDate()
  const to = new Date(anchor)
  to.setUTCDate(1)
  to.setUTCMonth(to.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate()
  to.setUTCDate(Math.min(day, lastDay))
  return to.getTime()
}

/** A card is good through the last day of its month; its bank's time zone is unknown, so UTC it is. */
export function cardEndsAt(card: { readonly expMonth: number; readonly expYear: number }): number {
  return Date.UTC(card.expYear, card.expMonth, 1)
}

/** True when the subscription still bills: Stripe ends one for good as `canceled` or `incomplete_expired`. */
export function isLiveStatus(status: string): boolean {
  return status !== 'canceled' && status !== 'incomplete_expired' && status !== 'incomplete'
}
