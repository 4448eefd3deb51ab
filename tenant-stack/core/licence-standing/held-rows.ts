import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem, TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { HELD_PARTITION, sortableTime, unfinishedPartition } from '../unfinished.ts'

/** A suspension ends, or the tenant does, long before. */
const HELD_ROW_SECONDS = 400 * 24 * 3600

const Promised = z.object({ resume: z.object({ topicName: z.string() }) })

const Unfinished = z.object({
  pk: z.string(),
  sk: z.string(),
  gsi2sk: z.string(),
  state: z.string().optional(),
  expiresAt: z.number().optional(),
})

/**
 * Sets a row's promised work aside until the licence is in force again; it must not expire meanwhile, nor count as overdue. Of what
 * somebody works on, or nobody can tell about, the time is left to pass first. A row whose work is done is left alone.
 */
export async function setAside(ctx: Ctx, row: TableItem | undefined): Promise<void> {
  const unfinished = Unfinished.safeParse(row).data
  if (unfinished === undefined) return
  const { pk, sk, gsi2sk, state, expiresAt } = unfinished
  const now = ctx.clock.now()
  const isUnderWay = (state === 'CLAIMED' || state === 'UNKNOWN') && gsi2sk > sortableTime(now)
  if (isUnderWay) return
  const heldUntil = Math.floor(now / 1000) + HELD_ROW_SECONDS
  await writeUnlessTaken(ctx, {
    kind: 'update',
    key: { pk, sk },
    set: {
      gsi2pk: HELD_PARTITION,
      gsi2sk: sortableTime(now),
      ...(expiresAt === undefined ? {} : { expiresAt: Math.max(expiresAt, heldUntil) }),
    },
    remove: ['sweeps'],
    when: { attribute: 'gsi2sk', is: '=', value: gsi2sk },
  })
}

/** Of the row under this key. */
export async function setAsideAt(ctx: Ctx, key: TableKey): Promise<void> {
  await setAside(ctx, await ctx.table.get(key))
}

/** Brings back what was set aside and is not held still, due at once; failures are gathered, so that one row keeps no other from it. */
export async function bringBackHeld(
  ctx: Ctx,
  failed: unknown[],
  isHeldStill: (topicName: string) => boolean = () => false,
): Promise<void> {
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      index: 'gsi2',
      pk: HELD_PARTITION,
      limit: 100,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const item of page.items)
      if (!isHeldStill(Promised.safeParse(item).data?.resume.topicName ?? ''))
        await bringBack(ctx, item).catch((error: unknown) => failed.push(error))
    cursor = page.cursor
  } while (cursor !== undefined)
}

async function bringBack(ctx: Ctx, { pk, sk }: TableItem): Promise<void> {
  await writeUnlessTaken(ctx, {
    kind: 'update',
    key: { pk, sk },
    // Its due time stays: whoever has claimed it since has moved that, and not this.
    set: { gsi2pk: unfinishedPartition(ctx, `${pk}\n${sk}`) },
    when: { attribute: 'gsi2pk', is: '=', value: HELD_PARTITION },
  })
}

/** Finished or taken meanwhile: there is nothing to set aside or to bring back. */
async function writeUnlessTaken(ctx: Ctx, update: WriteOperation): Promise<void> {
  try {
    await ctx.table.write(update)
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
