import { DAY_MS, dayZeroOf, lapsesAtOf, RETENTION_DAYS } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { dateText } from './texts.ts'

export type Words = {
  readonly state: string
  readonly look: 'good' | 'waits' | 'bad'
  /** What it means, and what whoever pays does next. */
  readonly next: string
}

/** Where a licence stands, for people. */
export function licenceWords(licence: Licence): Words {
  const words = wordsOf(licence)
  return licence.isAbuseHeld
    ? { state: 'Held by us', look: 'bad', next: `Nothing is sent from the domain: write to us. ${words.next}` }
    : words
}

function wordsOf(licence: Licence): Words {
  const { state, billing, graceUntil = 0, suspendedAt = 0 } = licence
  const keptUntil = dateText(suspendedAt + RETENTION_DAYS * DAY_MS)
  switch (state) {
    case 'draft':
      return {
        state: 'Not paid',
        look: 'waits',
        next: `Pay, and the domain is set up. Unpaid, its name is kept for you until ${dateText(lapsesAtOf(licence))}.`,
      }
    case 'checkout_pending':
      return billing === 'invoice'
        ? { state: 'Invoice sent', look: 'waits', next: 'Pay the invoice, and the domain is set up.' }
        : { state: 'Payment open', look: 'waits', next: 'Finish the payment. If you just paid, it is being confirmed.' }
    case 'active':
    case 'renewal_due':
      return runningWords(licence)
    case 'past_due':
      return {
        state: 'Payment overdue',
        look: 'bad',
        next: 'Everything works. Pay the open invoice, or enter another payment method.',
      }
    case 'grace':
      return {
        state: `Works until ${dateText(graceUntil)}`,
        look: 'bad',
        next:
          billing === 'complimentary' ? 'Its time is over. Buy a licence by then.' : 'Pay the open invoice by then.',
      }
    case 'suspended':
      return {
        state: 'Suspended',
        look: 'bad',
        next: `Nothing is sent; mail is still received and kept. Pay to go on, or the data is removed after ${keptUntil}.`,
      }
    case 'expired':
      return { state: 'Expired', look: 'bad', next: 'Its data is being removed. It can be bought again.' }
    case 'refunded':
      return {
        state: 'Refunded',
        look: 'bad',
        next: `The payment was returned. Everything is kept until ${keptUntil}.`,
      }
    case 'disputed':
      return {
        state: 'Payment disputed',
        look: 'bad',
        next: 'The payment was disputed at the bank, and the licence is frozen until that is settled. Everything works.',
      }
    case 'closed':
      return { state: 'Closed', look: 'waits', next: 'Nothing is left to do.' }
  }
}

function runningWords(licence: Licence): Words {
  const end = dateText(dayZeroOf(licence) ?? licence.periodEnd ?? 0)
  if (licence.isCancelScheduled)
    return {
      state: `Ends on ${end}`,
      look: 'waits',
      next: 'It was cancelled: it works until then and is not charged again. You can undo this.',
    }
  if (licence.billing === 'complimentary')
    return { state: 'Active', look: 'good', next: `Free of charge until ${end}. To go on, buy a licence before then.` }
  if (licence.state === 'renewal_due')
    return { state: 'Active', look: 'good', next: `It renews on ${end}. Change how you pay, or cancel, before then.` }
  return { state: 'Active', look: 'good', next: `It renews by itself on ${end}.` }
}
