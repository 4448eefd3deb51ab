import * as z from 'zod'
import type { TableItem } from '#shared/platform/table.ts'
import { KINDS } from './kinds.ts'
import type { Kind, ObjectOf } from './objects.ts'

const EVENT_SECONDS = 30 * 86_400

const Json = z.record(z.string(), z.unknown())

/** Epoch seconds as 12 digits, so that text order is time order. */
export function sortableSeconds(seconds: number): string {
  return String(Math.max(0, Math.trunc(seconds))).padStart(12, '0')
}

export function parseJson(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : undefined
}

/** The row of an object: lists by kind, and by customer (or what else the kind hangs on) in the second index. */
export function objectRow<K extends Kind>(kind: K, kept: ObjectOf<K>): TableItem {
  const { id, ...rest }: Readonly<Record<string, unknown>> & { readonly id: string } = kept
  // Stripe lists events for 30 days; one that the endpoint has not got yet, because this machine was off, stays.
  const isTold = kind === 'event' && rest.pending_webhooks === 0
  const expiresAt = isTold && typeof rest.created === 'number' ? rest.created + EVENT_SECONDS : undefined
  const owner = kind === 'invoice_payment' ? rest.invoice : rest.customer
  return {
    pk: kind,
    sk: id,
    json: JSON.stringify(kept),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(typeof owner === 'string' ? { gsi2pk: ownedPartition(kind, owner), gsi2sk: id } : {}),
  }
}

export function ownedPartition(kind: Kind, owner: string): string {
  return `${kind}#${owner}`
}

/** What the double wrote itself; its tag is checked, its shape was checked by the compiler when it was built. */
export function readObject<K extends Kind>(kind: K, row: TableItem): ObjectOf<K> {
  return schemaOf(kind).parse(parseJson(row.json))
}

function schemaOf<K extends Kind>(kind: K): z.ZodType<ObjectOf<K>> {
  return z.custom<ObjectOf<K>>((value) => Json.safeParse(value).data?.object === kind, {
    error: `a row of ${KINDS[kind].path} is malformed`,
  })
}
