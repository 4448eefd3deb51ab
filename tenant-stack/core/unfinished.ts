import type { TopicName } from '#shared/contracts/notices.ts'
import type { Ctx } from './context.ts'

/** Promised work is spread over this many index partitions, so that no one of them is hot. */
export const UNFINISHED_SHARDS = 8

/** Index partition of work that rests until the licence is in force again; nobody watches how long it has been due. */
export const HELD_PARTITION = 'held'

/** Attributes of a row whose work is promised but not done: the sweep publishes `resume` again once `dueAt` has passed. */
export type UnfinishedMark = {
  readonly gsi2pk: string
  readonly gsi2sk: string
  readonly resume: { readonly topicName: TopicName; readonly body: string }
}

/** Marks a row unfinished until `dueAt` (epoch milliseconds) at the earliest. */
export function markUnfinished(
  ctx: Ctx,
  input: { readonly rowName: string; readonly dueAt: number; readonly topicName: TopicName; readonly body: string },
): UnfinishedMark {
  return {
    gsi2pk: unfinishedPartition(ctx, input.rowName),
    gsi2sk: sortableTime(input.dueAt),
    resume: { topicName: input.topicName, body: input.body },
  }
}

/** The index partition of a row's promised work. */
export function unfinishedPartition(ctx: Ctx, rowName: string): string {
  return `unfinished#${Number.parseInt(ctx.sha256(rowName).slice(0, 4), 16) % UNFINISHED_SHARDS}`
}

/** Attribute names an update removes when the work is done. */
export const finishedRemoves = ['gsi2pk', 'gsi2sk', 'resume', 'sweeps'] as const

/** Epoch milliseconds as 15 digits, so that text order is time order. */
export function sortableTime(epochMs: number): string {
  return String(Math.max(0, Math.trunc(epochMs))).padStart(15, '0')
}
