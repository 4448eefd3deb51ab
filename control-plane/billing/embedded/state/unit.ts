import type Stripe from 'stripe'
import type { Kind, ObjectOf } from './objects.ts'

/** Something to look at when its time has come; what is true then decides whether there is anything to do. */
export type DueWork = {
  readonly kind: 'subscription' | 'invoice' | 'checkout.session' | 'refund' | 'upcoming' | 'overdue' | 'test_clock'
  readonly objectId: string
}

/** Whose call it is, shown on the events it makes. */
export type Caller = { readonly requestId: string | null; readonly idempotencyKey: string | null }

export type ListQuery = {
  /** Those of this customer (of this invoice, for invoice payments). */
  readonly owner?: string
  readonly startingAfter?: string
  readonly endingBefore?: string
  readonly limit: number
}

/**
 * One unit of work: reads see its own writes; all its rows, events and deliveries are written in one transaction, or none is.
 * Times are epoch seconds, as everywhere on Stripe's wire.
 */
export interface Unit {
  /** The time of whatever is being worked on: the real one, or its test clock's. */
  now(): number
  /** From here on it is the time of this test clock. */
  useTestClock(testClockId: string | null | undefined): Promise<void>
  /** From here on it is this time. */
  useTime(seconds: number): void
  find<K extends Kind>(kind: K, objectId: string): Promise<ObjectOf<K> | undefined>
  /** Throws `resource_missing`, naming the parameter that held the id. */
  need<K extends Kind>(kind: K, objectId: string, param?: string): Promise<ObjectOf<K>>
  list<K extends Kind>(
    kind: K,
    query: ListQuery,
    isWanted?: (kept: ObjectOf<K>) => boolean,
  ): Promise<{ readonly data: readonly ObjectOf<K>[]; readonly hasMore: boolean }>
  /** Every one that is wanted, newest first. */
  all<K extends Kind>(
    kind: K,
    owner?: string,
    isWanted?: (kept: ObjectOf<K>) => boolean,
  ): Promise<readonly ObjectOf<K>[]>
  put<K extends Kind>(kind: K, kept: ObjectOf<K>): void
  remove(kind: Kind, objectId: string): void
  /** A fact about an object that Stripe knows and does not show. */
  note(name: string, objectId: string): Promise<unknown>
  putNote(name: string, objectId: string, value: unknown): void
  mint(kind: Kind | 'subscription_item' | 'line_item' | 'secret' | 'token'): string
  /** Tells what happened to `kept`; `before` gives the `previous_attributes` of an update. */
  tell(type: Stripe.Event.Type, kept: object, before?: object): void
  due(atSeconds: number, work: DueWork): void
}
