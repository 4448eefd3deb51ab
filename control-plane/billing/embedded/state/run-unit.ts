import type { WriteOperation } from '#shared/platform/table.ts'
import { deliveryRow } from '../webhooks/delivery-row.ts'
import { refuse } from '../wire/refusal.ts'
import { API_VERSION, type DoubleCtx } from './double-context.ts'
import { dueRow } from './due-row.ts'
import { createMint } from './mint.ts'
import type { Kind, ObjectOf, StripeEvent } from './objects.ts'
import { isShape, previousAttributes } from './previous.ts'
import { parseJson } from './rows.ts'
import { createShelf } from './shelf.ts'
import type { Caller, Unit } from './unit.ts'

export type RunUnit = <T>(
  caller: Caller,
  work: (unit: Unit) => Promise<T>,
  /** Rows that belong into the same transaction, made from the result. */
  also?: (result: T) => readonly WriteOperation[],
) => Promise<T>

export const BY_ITSELF: Caller = { requestId: null, idempotencyKey: null }

/** Makes units of work; the caller sees to it that no two overlap. */
export function createRunUnit(ctx: DoubleCtx): RunUnit {
  const mint = createMint(ctx)
  return async (caller, work, also = () => []) => {
    const shelf = createShelf(ctx.table)
    const others: WriteOperation[] = []
    let testClockId: string | null = null
    let frozenTime: number | undefined
    const realNow = () => Math.floor(ctx.clock.now() / 1000)

    const unit: Unit = {
      now: () => frozenTime ?? realNow(),
      async useTestClock(wanted) {
        testClockId = wanted ?? null
        frozenTime =
          testClockId === null ? undefined : (await unit.need('test_helpers.test_clock', testClockId)).frozen_time
      },
      useTime(seconds) {
        frozenTime = seconds
      },
      find: shelf.find,
      async need(kind, objectId, param = 'id') {
        const kept = await shelf.find(kind, objectId)
        if (kept !== undefined) return kept
        throw refuse.missing(kind, objectId, param)
      },
      list: shelf.list,
      async all<K extends Kind>(kind: K, owner?: string, isWanted: (kept: ObjectOf<K>) => boolean = () => true) {
        const query = { limit: Number.POSITIVE_INFINITY, ...(owner === undefined ? {} : { owner }) }
        return (await shelf.list(kind, query, isWanted)).data
      },
      put: shelf.put,
      remove: shelf.remove,
      async note(name, objectId) {
        const row = await ctx.table.get({ pk: `note#${name}`, sk: objectId })
        return parseJson(shelf.notes.get(`${name}#${objectId}`) ?? row?.json)
      },
      putNote: (name, objectId, value) => void shelf.notes.set(`${name}#${objectId}`, JSON.stringify(value)),
      mint,
      tell(type, kept, before) {
        const body: unknown = JSON.parse(JSON.stringify(kept))
        const old: unknown = before === undefined ? undefined : JSON.parse(JSON.stringify(before))
        if (!isShape(body)) throw new Error('an event is about an object')
        const stripeEvent: StripeEvent = {
          id: mint('event'),
          object: 'event',
          api_version: API_VERSION,
          created: realNow(),
          data: { object: body, ...(isShape(old) ? { previous_attributes: previousAttributes(old, body) } : {}) },
          livemode: false,
          pending_webhooks: ctx.webhook() === undefined ? 0 : 1,
          request: { id: caller.requestId, idempotency_key: caller.idempotencyKey },
          type,
        }
        shelf.put('event', stripeEvent)
        if (ctx.webhook() !== undefined)
          others.push({
            kind: 'put',
            item: deliveryRow({ eventId: stripeEvent.id, atMs: ctx.clock.now(), attempt: 1 }),
          })
      },
      due: (atSeconds, due) => void others.push({ kind: 'put', item: dueRow(testClockId, atSeconds, due) }),
    }

    const result = await work(unit)
    const operations = [...shelf.operations(), ...merged(others), ...also(result)]
    if (operations.length > 0) await ctx.table.transact(operations)
    return result
  }
}

/** The same thing may become due twice in one unit; a transaction names each row once. */
function merged(operations: readonly WriteOperation[]): readonly WriteOperation[] {
  const byKey = operations.map((one) => [one.kind === 'put' ? `${one.item.pk} ${one.item.sk}` : '', one] as const)
  return [...new Map(byKey).values()]
}
