import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem } from '#shared/platform/table.ts'
import type { DoubleCtx } from '../state/double-context.ts'
import { duePartition, readDueRow } from '../state/due-row.ts'
import type { ObjectOf } from '../state/objects.ts'
import { sortableSeconds } from '../state/rows.ts'
import { BY_ITSELF, type RunUnit } from '../state/run-unit.ts'
import { doDueWork } from './do-due-work.ts'

export type Engine = { readonly ctx: DoubleCtx; readonly runUnit: RunUnit }

const Advancing = z.object({ advancing: z.object({ target_frozen_time: z.number() }) })

/** Does all that is due by the real clock, in order of time, each as of its own time; answers how much that was. */
export async function runDue(engine: Engine): Promise<number> {
  const nowSeconds = Math.floor(engine.ctx.clock.now() / 1000)
  let done = 0
  while (await engine.ctx.oneAtATime(() => doFirst(engine, nowSeconds))) done += 1
  return done
}

async function doFirst(engine: Engine, nowSeconds: number): Promise<boolean> {
  const row = await firstDue(engine, null, nowSeconds)
  if (row === undefined) return false
  const { work } = readDueRow(row)
  if (work.kind !== 'test_clock') {
    await doRow(engine, row, null)
    return true
  }
  const clock = await engine.runUnit(BY_ITSELF, (unit) => unit.need('test_helpers.test_clock', work.objectId))
  await advance(engine, clock, row)
  return true
}

/** One row's work and the row's end, in one transaction. */
async function doRow(engine: Engine, row: TableItem, clock: ObjectOf<'test_helpers.test_clock'> | null): Promise<void> {
  const { atSeconds, work } = readDueRow(row)
  const { ctx, runUnit } = engine
  const ended = [{ kind: 'delete' as const, key: { pk: row.pk, sk: row.sk } }]
  try {
    await runUnit(
      BY_ITSELF,
      async (unit) => {
        if (clock === null) unit.useTime(atSeconds)
        else {
          unit.put('test_helpers.test_clock', { ...clock, frozen_time: Math.max(clock.frozen_time, atSeconds) })
          await unit.useTestClock(clock.id)
        }
        await doDueWork({ unit, settings: ctx.settings, baseUrl: ctx.baseUrl() }, work)
      },
      () => ended,
    )
  } catch (error) {
    if (!isFailure(error) || !error.code.startsWith('stripe_double.')) throw error
    // A refusal would come again each time: it is told, and the rest goes on.
    ctx.log.error({ at: 'stripe_double.due_refused', kind: work.kind, objectId: work.objectId, code: error.code })
    for (const operation of ended) await ctx.table.write(operation)
  }
}

/** Brings a test clock to its target, through everything that is due on the way. */
async function advance(engine: Engine, clock: ObjectOf<'test_helpers.test_clock'>, row: TableItem): Promise<void> {
  const target = Advancing.parse(clock.status_details).advancing.target_frozen_time
  for (;;) {
    const next = await firstDue(engine, clock.id, target)
    if (next === undefined) break
    const current = await engine.runUnit(BY_ITSELF, (unit) => unit.need('test_helpers.test_clock', clock.id))
    await doRow(engine, next, current)
  }
  await engine.runUnit(
    BY_ITSELF,
    async (unit) => {
      const ready: ObjectOf<'test_helpers.test_clock'> = {
        ...clock,
        frozen_time: target,
        status: 'ready',
        status_details: {},
      }
      unit.put('test_helpers.test_clock', ready)
      unit.tell('test_helpers.test_clock.ready', ready)
    },
    () => [{ kind: 'delete', key: { pk: row.pk, sk: row.sk } }],
  )
}

async function firstDue(engine: Engine, testClockId: string | null, until: number): Promise<TableItem | undefined> {
  const { items } = await engine.ctx.table.query({
    pk: duePartition(testClockId),
    sk: { between: ['0', `${sortableSeconds(until)}~`] },
    limit: 1,
  })
  return items[0]
}
