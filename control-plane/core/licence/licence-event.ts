import { type Actor, countsAs, type Mover } from '../actor.ts'
import type { Licence, StripeFacts } from './licence.ts'

type Period = { readonly periodStart: number; readonly periodEnd: number }

/** What can happen to a licence, with what has to be known about it. Times are epoch milliseconds. */
export type LicenceEvent =
  | { readonly kind: 'checkout_opened'; readonly checkout: NonNullable<Licence['checkout']>; readonly number: number }
  | { readonly kind: 'checkout_lapsed' }
  | { readonly kind: 'lapse_warned' }
  | { readonly kind: 'claim_lapsed' }
  | { readonly kind: 'invoice_ordered'; readonly stripe: StripeFacts }
  | ({ readonly kind: 'paid'; readonly paidThrough: number; readonly stripe: StripeFacts } & Period)
  | ({ readonly kind: 'credit_given'; readonly creditThrough: number; readonly stripe: StripeFacts } & Period)
  | { readonly kind: 'granted'; readonly endsAt: number }
  | { readonly kind: 'renewal_near' }
  | { readonly kind: 'payment_failed'; readonly stripe?: StripeFacts }
  | { readonly kind: 'retries_ended'; readonly graceUntil: number; readonly stripe?: StripeFacts }
  | { readonly kind: 'term_ended'; readonly graceUntil: number }
  | { readonly kind: 'grace_ended' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'retention_ended' }
  | { readonly kind: 'cancel_scheduled'; readonly stripe?: StripeFacts }
  | { readonly kind: 'cancel_undone'; readonly stripe?: StripeFacts }
  | { readonly kind: 'cancelled'; readonly stripe?: StripeFacts }
  | { readonly kind: 'refunded'; readonly refundedAt: number; readonly stripe?: StripeFacts }
  | { readonly kind: 'dispute_opened'; readonly dispute: NonNullable<Licence['dispute']> }
  | { readonly kind: 'dispute_won' }
  | { readonly kind: 'dispute_lost' }
  | { readonly kind: 'abuse_held' }
  | { readonly kind: 'abuse_lifted' }
  | {
      readonly kind: 'terms_changed'
      readonly limits: Licence['limits']
      readonly entitlements: Licence['entitlements']
    }
  | { readonly kind: 'tenant_deleted' }

export type LicenceEventKind = LicenceEvent['kind']
export type EventOf<K extends LicenceEventKind> = Extract<LicenceEvent, { readonly kind: K }>

/** Who pays may move a licence; a viewer only looks. Which licence he may touch is the scope's question, not this one's. */
export function moverOf(actor: Actor): Mover | undefined {
  return countsAs(actor, ['owner', 'admin', 'billing'])
}
