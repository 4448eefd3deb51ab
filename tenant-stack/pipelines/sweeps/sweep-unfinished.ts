import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem } from '#shared/platform/table.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { bringBackHeld, setAside } from '#tenant-stack/core/licence-standing/held-rows.ts'
import { isHeld, isHeldTopic, isSendTopic } from '#tenant-stack/core/licence-standing/held-work.ts'
import { ERASURES, EXPORTS } from '#tenant-stack/core/person/row-kind.ts'
import { isSendingStopped } from '#tenant-stack/core/sending-stop/sending-stop.ts'
import { sortableTime, UNFINISHED_SHARDS } from '#tenant-stack/core/unfinished.ts'

/** Work found unfinished rests this long before it is offered again, twice as long each time: a backlog must not multiply itself. */
const AGAIN_AFTER_MS = 60_000
const AGAIN_AFTER_MS_MAX = 3600_000

/** Offered so often (two hours), it waits for a person: something about it fails every time. */
const TIMES_BEFORE_ALARM = 8

const Unfinished = z.object({
  pk: z.string(),
  sk: z.string(),
  gsi2sk: z.string(),
  resume: z.object({ topicName: z.string(), body: z.string() }),
  sweeps: z.number().optional(),
})

/**
 * Publishes again what rows promise and nobody finished in time; what the licence does not let be done is set aside instead, and comes
 * back with it. One row that cannot be published keeps no other from it.
 */
export async function sweepUnfinished(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now()
  const failed: unknown[] = []
  const [isUnlicensed, isStopped] = [await isHeld(ctx), await isSendingStopped(ctx)]
  const holds = (topicName: string) => (isUnlicensed && isHeldTopic(topicName)) || (isStopped && isSendTopic(topicName))
  if (!isUnlicensed) await bringBackHeld(ctx, failed, holds)
  for (let shard = 0; shard < UNFINISHED_SHARDS; shard += 1) {
    let cursor: string | undefined
    do {
      const page = await ctx.table.query({
        index: 'gsi2',
        pk: `unfinished#${shard}`,
        sk: { between: ['0', sortableTime(now)] },
        limit: 100,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const item of page.items)
        await offerOrHold(ctx, item, { now, holds }).catch((error: unknown) => failed.push(error))
      cursor = page.cursor
    } while (cursor !== undefined)
  }
  if (failed.length > 0)
    throw new AggregateError(failed, `${failed.length} rows could not be offered again: ${String(failed[0])}`)
}

async function offerOrHold(
  ctx: Ctx,
  item: TableItem,
  { now, holds }: { readonly now: number; readonly holds: (topicName: string) => boolean },
): Promise<void> {
  const unfinished = Unfinished.parse(item)
  if (holds(unfinished.resume.topicName) && !isOfPerson(item)) await setAside(ctx, item)
  else await offerAgain(ctx, unfinished, now)
}

/** An erasure or an export goes on whatever the licence says. */
function isOfPerson({ pk }: TableItem): boolean {
  return pk.startsWith(ERASURES) || pk.startsWith(EXPORTS)
}

async function offerAgain(ctx: Ctx, unfinished: z.infer<typeof Unfinished>, now: number): Promise<void> {
  const { pk, sk, gsi2sk, resume, sweeps: times = 0 } = unfinished
  if (times >= TIMES_BEFORE_ALARM) ctx.log.error({ at: 'sweep.stuck', topicName: resume.topicName, times })
  await ctx.topics.publish(resume.topicName, resume.body)
  try {
    await ctx.table.write({
      kind: 'update',
      key: { pk, sk },
      set: { gsi2sk: sortableTime(now + Math.min(AGAIN_AFTER_MS * 2 ** times, AGAIN_AFTER_MS_MAX)), sweeps: times + 1 },
      when: { attribute: 'gsi2sk', is: '=', value: gsi2sk },
    })
  } catch (error) {
    // Finished or taken meanwhile: nothing to postpone.
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
