import { describe, expect, it } from 'vitest'
import { cardEndsAt, DAY_MS, monthsAfter } from './calendar.ts'
import { dueItemsOf, mailsDue, nextDueOf } from './due-items.ts'
import type { Licence } from './licence.ts'

const PAID_THROUGH = Date.UTC(2027, 2, 2, 9)
const settings = { graceDays: 21 }
const licence: Licence = {
  licenceId: 'lic_1',
  licenseeId: 'lcs_1',
  tenantId: 'ten_1',
  domainName: 'calendar.example.com',
  state: 'active',
  billing: 'checkout',
  entitlements: {},
  limits: {},
  periodEnd: PAID_THROUGH,
  paidThrough: PAID_THROUGH,
  isCancelScheduled: false,
  isAbuseHeld: false,
  checkoutCount: 1,
  stripe: {
    subscriptionId: 'sub_1',
    subscriptionItemId: 'si_1',
    priceId: 'price_1',
    unitAmountCents: 99_500,
    currency: 'usd',
    status: 'active',
    isLivemode: false,
    collectionMethod: 'charge_automatically',
    cancelAtPeriodEnd: false,
    paymentMethod: { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 },
    fetchedAt: 0,
  },
  createdAt: PAID_THROUGH - 365 * DAY_MS,
  version: 1,
}
const daysBefore = (days: number): number => PAID_THROUGH - days * DAY_MS

/** Every look of a licence until nothing is due any more, without what the looks would change. */
function looks(from: number, one: Licence): readonly number[] {
  const times: number[] = []
  for (let at = nextDueOf(one, settings, from); at !== undefined; at = nextDueOf(one, settings, at)) times.push(at)
  return times
}

describe('anniversaries', () => {
  it.each([
    ['2028-02-29', 12, '2029-02-28'],
    ['2028-02-29', 24, '2030-02-28'],
    ['2028-02-29', 48, '2032-02-29'],
    ['2027-01-31', 1, '2027-02-28'],
    ['2027-12-31', 2, '2028-02-29'],
    ['2100-02-28', 12, '2101-02-28'],
  ])('%s and %i months is %s, at the same time of day', (from, months, to) => {
    expect(monthsAfter(Date.parse(`${from}T23:59:59Z`), months)).toBe(Date.parse(`${to}T23:59:59Z`))
  })

  it('a card is good through the last day of its month', () => {
    expect(cardEndsAt({ expMonth: 12, expYear: 2026 })).toBe(Date.UTC(2027, 0, 1))
    expect(cardEndsAt({ expMonth: 2, expYear: 2028 })).toBe(Date.UTC(2028, 2, 1))
  })
})

describe('the calendar', () => {
  it('looks 45, 30, 15, 7 and 1 days before the end, and when the payment should have settled', () => {
    expect(looks(0, licence)).toEqual([...[45, 30, 15, 7, 1].map(daysBefore), PAID_THROUGH + 6 * 3_600_000])
  })

  it('after a long silence sends the newest reminder alone', () => {
    const kinds = (now: number) => mailsDue(dueItemsOf(licence, settings), now).map(({ kind }) => kind)
    expect(kinds(daysBefore(46))).toEqual([])
    expect(kinds(daysBefore(45))).toEqual(['renewal_45'])
    expect(kinds(daysBefore(16))).toEqual(['renewal_30'])
    expect(kinds(daysBefore(0))).toEqual(['renewal_1'])
  })

  it('tells of a card only when it ends before the renewal', () => {
    const withCard = (expMonth: number, expYear: number): Licence => ({
      ...licence,
      ...(licence.stripe === undefined
        ? {}
        : { stripe: { ...licence.stripe, paymentMethod: { brand: 'visa', last4: '4242', expMonth, expYear } } }),
    })
    const groups = (one: Licence) => mailsDue(dueItemsOf(one, settings), daysBefore(45)).map(({ group }) => group)
    expect(groups(withCard(2, 2027))).toContain('card')
    expect(groups(withCard(3, 2027))).not.toContain('card')
  })

  it('writes on days 0, 3, 7 and 14 to who has not paid, and ends the retries by the clock where Stripe does not', () => {
    const pastDue: Licence = { ...licence, state: 'past_due' }
    expect(looks(PAID_THROUGH - 1, pastDue)).toEqual([0, 3, 7, 14, 28].map((days) => daysBefore(-days)))
  })

  it('counts from the due date of a trusted licensee’s invoice', () => {
    const credited: Licence = { ...licence, state: 'renewal_due', creditThrough: daysBefore(-30) }
    const [event] = dueItemsOf(credited, settings).events
    expect(event).toMatchObject({ licenceEvent: { kind: 'payment_failed' }, at: daysBefore(-30) + 6 * 3_600_000 })
  })

  it('asks Stripe once a day what became of a session that is over', () => {
    const pending: Licence = {
      ...licence,
      state: 'checkout_pending',
      checkout: { sessionId: 'cs_1', url: '', expiresAt: PAID_THROUGH },
    }
    expect(nextDueOf(pending, settings, daysBefore(1))).toBe(PAID_THROUGH + 300_000)
    expect(nextDueOf(pending, settings, PAID_THROUGH + DAY_MS)).toBe(PAID_THROUGH + 2 * DAY_MS)
  })

  it('leaves what is closed or held by a bank alone', () => {
    expect(nextDueOf({ ...licence, state: 'closed' }, settings, 0)).toBeUndefined()
    expect(dueItemsOf({ ...licence, state: 'disputed' }, settings).events).toEqual([])
  })
})
