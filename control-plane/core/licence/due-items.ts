import {
  cardEndsAt,
  DAY_MS,
  dayZeroOf,
  isLiveStatus,
  PAST_DUE_DAYS,
  PAYMENT_SETTLES_MS,
  RENEWAL_DAYS,
  RETENTION_DAYS,
  RETRY_DAYS_MAX,
  warnsAtOf,
} from './calendar.ts'
import type { Licence } from './licence.ts'
import type { LicenceSettings } from './licence-context.ts'
import type { LicenceEvent } from './licence-event.ts'

/** A mail of the calendar; of one group only the newest whose time has come is sent, so that a long silence does not end in a heap. */
export type DueMail = { readonly kind: string; readonly group: string; readonly at: number }
type DueEvent = { readonly licenceEvent: LicenceEvent; readonly at: number }

/** Everything the calendar holds for a licence as it stands: what happens to it by the clock alone, and what is written to whom. */
export type DueItems = {
  readonly events: readonly DueEvent[]
  readonly mails: readonly DueMail[]
  /** When Stripe is to be asked what became of a sale it has not told us about. */
  readonly askStripeAt?: number
}

/** Days before suspended data goes that its owner is told once more. */
const LAST_CALL_DAYS = 14
/** Days before grace ends, and before a cancelled licence ends. */
const ENDING_DAYS = [30, 7] as const
const SESSION_SETTLES_MS = 5 * 60_000

/** The calendar of a licence (control-plane.md, renewal calendar). Pure: the same licence and settings give the same items. */
export function dueItemsOf(licence: Licence, settings: Pick<LicenceSettings, 'graceDays'>): DueItems {
  switch (licence.state) {
    case 'draft':
    case 'checkout_pending':
      return { events: [lapseOf(licence)], mails: [], ...askStripe(licence) }
    case 'active':
    case 'renewal_due':
      return { ...runningItems(licence, settings), ...askStripe(licence) }
    case 'past_due':
      return pastDueItems(licence, settings)
    case 'grace':
      return graceItems(licence)
    case 'suspended':
    case 'refunded':
      return keptItems(licence)
    case 'expired':
      return { events: [], mails: [{ kind: 'expired', group: 'expired', at: 0 }] }
    case 'disputed':
      return { events: [], mails: [] }
    case 'closed':
      return { events: [], mails: [], ...askStripe(licence) }
  }
}

/** What becomes of a claim that nobody pays: its licensee is told, then the name is free. */
function lapseOf(licence: Licence): DueEvent {
  const { lapsesAt } = licence
  return lapsesAt === undefined
    ? { licenceEvent: { kind: 'lapse_warned' }, at: warnsAtOf(licence) }
    : { licenceEvent: { kind: 'claim_lapsed' }, at: lapsesAt }
}

function askStripe({ checkout }: Licence): Pick<DueItems, 'askStripeAt'> {
  return checkout === undefined ? {} : { askStripeAt: checkout.expiresAt + SESSION_SETTLES_MS }
}

function runningItems(licence: Licence, { graceDays }: Pick<LicenceSettings, 'graceDays'>): DueItems {
  const dayZero = dayZeroOf(licence)
  if (dayZero === undefined) return { events: [], mails: [] }
  const { billing, isCancelScheduled, paidThrough, state } = licence
  if (isCancelScheduled) {
    const mails = ENDING_DAYS.map((days) => ({ kind: `ends_${days}`, group: 'ends', at: dayZero - days * DAY_MS }))
    return { events: [{ licenceEvent: { kind: 'ended' }, at: dayZero }], mails }
  }
  const graceUntil = dayZero + graceDays * DAY_MS
  const end: DueEvent =
    billing === 'complimentary'
      ? { licenceEvent: { kind: 'term_ended', graceUntil }, at: dayZero }
      : { licenceEvent: { kind: 'payment_failed' }, at: dayZero + PAYMENT_SETTLES_MS }
  if (paidThrough === undefined) return { events: [end], mails: [] }
  const near = paidThrough - RENEWAL_DAYS[0] * DAY_MS
  const kind = billing === 'complimentary' ? 'term' : 'renewal'
  return {
    events: [...(state === 'active' ? [{ licenceEvent: { kind: 'renewal_near' }, at: near } as const] : []), end],
    mails: [
      ...RENEWAL_DAYS.map((days) => ({ kind: `${kind}_${days}`, group: kind, at: paidThrough - days * DAY_MS })),
      ...cardMails(licence, paidThrough, near),
    ],
  }
}

function cardMails({ stripe }: Licence, renewsAt: number, at: number): readonly DueMail[] {
  const card = stripe?.paymentMethod
  if (stripe?.collectionMethod !== 'charge_automatically' || card === undefined) return []
  // A wallet or a bank debit has no expiry.
  if (card.expYear === 0 || cardEndsAt(card) > renewsAt || !isLiveStatus(stripe.status)) return []
  return [{ kind: `card_expires_${card.expYear}_${card.expMonth}_${card.last4}`, group: 'card', at }]
}

function pastDueItems(licence: Licence, { graceDays }: Pick<LicenceSettings, 'graceDays'>): DueItems {
  const dayZero = dayZeroOf(licence) ?? 0
  const endsAt = dayZero + RETRY_DAYS_MAX * DAY_MS
  return {
    events: [{ licenceEvent: { kind: 'retries_ended', graceUntil: endsAt + graceDays * DAY_MS }, at: endsAt }],
    mails: PAST_DUE_DAYS.map((days) => ({ kind: `past_due_${days}`, group: 'past_due', at: dayZero + days * DAY_MS })),
  }
}

function graceItems({ graceUntil = 0 }: Licence): DueItems {
  return {
    events: [{ licenceEvent: { kind: 'grace_ended' }, at: graceUntil }],
    mails: [
      { kind: 'grace', group: 'grace', at: 0 },
      { kind: 'grace_7', group: 'grace', at: graceUntil - 7 * DAY_MS },
    ],
  }
}

function keptItems({ state, suspendedAt = 0 }: Licence): DueItems {
  const goesAt = suspendedAt + RETENTION_DAYS * DAY_MS
  return {
    events: [{ licenceEvent: { kind: 'retention_ended' }, at: goesAt }],
    mails: [
      { kind: state, group: 'kept', at: suspendedAt },
      { kind: `${state}_last_call`, group: 'kept', at: goesAt - LAST_CALL_DAYS * DAY_MS },
    ],
  }
}

/** What the clock alone takes from a licence because nothing was paid. */
const FOR_WANT_OF_MONEY: readonly LicenceEvent['kind'][] = [
  'payment_failed',
  'retries_ended',
  'grace_ended',
  'ended',
  'retention_ended',
]

/** True when the clock is about to take something from a licence for want of a payment: Stripe has the last word on that. */
export function isLosingByClock(licence: Licence, settings: Pick<LicenceSettings, 'graceDays'>, now: number): boolean {
  return dueItemsOf(licence, settings).events.some(
    ({ licenceEvent, at }) => at <= now && FOR_WANT_OF_MONEY.includes(licenceEvent.kind),
  )
}

/** Of each group the newest mail whose time has come. */
export function mailsDue({ mails }: DueItems, now: number): readonly DueMail[] {
  const newest = new Map<string, DueMail>()
  for (const mail of mails) {
    const known = newest.get(mail.group)
    if (mail.at <= now && (known === undefined || mail.at >= known.at)) newest.set(mail.group, mail)
  }
  return [...newest.values()]
}

/** When a licence that was looked at now wants to be looked at again, epoch milliseconds; undefined: only when something happens to it. */
export function nextDueOf(
  licence: Licence,
  settings: Pick<LicenceSettings, 'graceDays'>,
  now: number,
): number | undefined {
  const { events, mails, askStripeAt } = dueItemsOf(licence, settings)
  // Stripe's answer may come late: it is asked again each day until the session is settled.
  const asked = askStripeAt === undefined || askStripeAt > now ? askStripeAt : now + DAY_MS
  const times = [...events.map(({ at }) => at), ...mails.map(({ at }) => at), ...(asked === undefined ? [] : [asked])]
  const ahead = times.filter((at) => at > now)
  return ahead.length === 0 ? undefined : Math.min(...ahead)
}
