import type { NoticeBody, QueueName } from '../manifest.ts'
import { sortableTime } from './sortable-time.ts'

/** Rows that wait for a time are spread over this many index partitions. */
export const DUE_SHARDS = 8

/** Attributes of a row that wants to be looked at again: the tick sends `dueBody` to `dueQueue` when it finds `gsi1sk` passed, and moves it on. */
export type DueMark = {
  readonly gsi1pk: string
  readonly gsi1sk: string
  readonly dueQueue: QueueName
  readonly dueBody: string
  /** How often the tick has told of it since it was marked. */
  readonly dueTold: 0
}

/** Marks a row due at `dueAt` (epoch milliseconds). Whoever handles it moves or removes the mark; until then it is told again, less and less often. */
export function markDue<Q extends QueueName>(
  ctx: { readonly sha256: (text: string) => string },
  input: { readonly rowName: string; readonly dueAt: number; readonly queueName: Q; readonly body: NoticeBody<Q> },
): DueMark {
  const shard = Number.parseInt(ctx.sha256(input.rowName).slice(0, 4), 16) % DUE_SHARDS
  return {
    gsi1pk: duePartition(shard),
    gsi1sk: sortableTime(input.dueAt),
    dueQueue: input.queueName,
    dueBody: JSON.stringify(input.body),
    dueTold: 0,
  }
}

export function duePartition(shard: number): string {
  return `due#${shard}`
}

/** Attribute names an update removes when nothing is due any more. */
export const notDueRemoves = ['gsi1pk', 'gsi1sk', 'dueQueue', 'dueBody', 'dueTold'] as const
