import * as z from 'zod'
import { isFailure } from '../errors/failure.ts'
import type { Clock } from '../platform/small-ports.ts'
import type { Table, TableKey } from '../platform/table.ts'

type Ctx = { readonly table: Table; readonly clock: Clock }

/** How long a key and the answer to it are kept. */
const KEY_SECONDS = 24 * 3600
/** A request that has not answered by then has died: whoever sends it again takes its place. */
const IN_FLIGHT_MS = 30_000

const Stored = z.object({
  requestHash: z.string(),
  startedAt: z.number(),
  status: z.number().optional(),
  body: z.string().optional(),
})

export type Claimed =
  /** Nobody has asked this before, or who did died: do it, then `keepAnswer`. */
  | { readonly kind: 'first' }
  | { readonly kind: 'again'; readonly response: Response }
  /** The key stands for another request. */
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'in_flight' }

/** Takes a row for a request that is to be done once (draft-ietf-httpapi-idempotency-key-header); `requestHash` tells it from others of the same key. */
export async function claimOnce({ table, clock }: Ctx, key: TableKey, requestHash: string): Promise<Claimed> {
  const now = clock.now()
  try {
    await table.write({
      kind: 'put',
      item: { ...key, requestHash, startedAt: now, expiresAt: Math.floor(now / 1000) + KEY_SECONDS },
      when: {
        anyOf: [
          { row: 'absent' },
          {
            allOf: [
              { attribute: 'status', is: 'absent' },
              { attribute: 'requestHash', is: '=', value: requestHash },
              { attribute: 'startedAt', is: '<', value: now - IN_FLIGHT_MS },
            ],
          },
        ],
      },
    })
    return { kind: 'first' }
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
  const { status, body, ...stored } = Stored.parse((await table.get(key)) ?? { requestHash, startedAt: now })
  if (stored.requestHash !== requestHash) return { kind: 'mismatch' }
  if (status === undefined || body === undefined) return { kind: 'in_flight' }
  const contentType = status < 400 ? 'application/json' : 'application/problem+json'
  const headers = { 'content-type': contentType, 'idempotent-replay': 'true' }
  return { kind: 'again', response: new Response(body === '' ? null : body, { status, headers }) }
}

/** Keeps the answer for who asks again; what may turn out otherwise the next time (409, 429, 500 and above) is not kept. */
export async function keepAnswer(
  { table }: Ctx,
  key: TableKey,
  answer: { readonly status: number; readonly body: string },
): Promise<void> {
  const { status } = answer
  if (status >= 500 || status === 429 || status === 409) await table.write({ kind: 'delete', key })
  else await table.write({ kind: 'update', key, set: { ...answer }, when: { row: 'present' } })
}

/** An answer as it may be kept: without members that are shown once. */
export function withoutSecrets(body: string, shownOnce: readonly string[]): string {
  if (body === '') return ''
  const parsed = z.record(z.string(), z.unknown()).parse(JSON.parse(body))
  return JSON.stringify(Object.fromEntries(Object.entries(parsed).filter(([name]) => !shownOnce.includes(name))))
}
