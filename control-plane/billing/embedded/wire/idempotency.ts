import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Table, TableItem } from '#shared/platform/table.ts'
import { refuse } from './refusal.ts'

/** Keys may be forgotten once they are a day old (stripe.com/docs/api/idempotent_requests). */
const KEPT_SECONDS = 24 * 3600
const KEY_LENGTH_MAX = 255

const Row = z.object({ fingerprint: z.string(), status: z.number(), json: z.string(), requestId: z.string() })

export type Remembered = { readonly status: number; readonly json: string; readonly requestId: string }

export type IdempotentCall = { readonly key: string; readonly fingerprint: string }

export function idempotentCall(key: string, method: string, path: string, body: string): IdempotentCall {
  if (key.length > KEY_LENGTH_MAX) throw refuse.idempotency('Idempotency keys are at most 255 characters long.')
  return { key, fingerprint: createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex') }
}

/** The first answer to this key, whatever it was. Throws `idempotency_error` when the key was another call's. */
export async function recall(table: Table, call: IdempotentCall): Promise<Remembered | undefined> {
  const row = await table.get({ pk: 'idempotency', sk: call.key })
  if (row === undefined) return undefined
  const { fingerprint, ...remembered } = Row.parse(row)
  if (fingerprint === call.fingerprint) return remembered
  throw refuse.idempotency(
    `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${call.key}' if you meant to execute a different request.`,
  )
}

export function rememberRow(call: IdempotentCall, answer: Remembered, nowSeconds: number): TableItem {
  return {
    pk: 'idempotency',
    sk: call.key,
    ...answer,
    fingerprint: call.fingerprint,
    expiresAt: nowSeconds + KEPT_SECONDS,
  }
}
