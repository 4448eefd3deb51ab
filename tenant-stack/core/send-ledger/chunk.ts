import * as z from 'zod'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { markUnfinished } from '../unfinished.ts'
import { LEDGER_ROW_SECONDS, ledgerKey } from './ledger.ts'

/** At most so many attendees are claimed and sent together: within 60 s of a small account's rate. */
export const CHUNK_ATTENDEES_MAX = 100

/**
 * A ledger of invites. `invite`, `catchup` and `resend` send the event as it is now (a cancelled one: only the latter two, its
 * CANCEL); `resend` even to those who have it. `revision` sends what `sequence` says, or nothing once that is superseded.
 */
export const Chunk = z.object({
  ledgerId: z.string(),
  eventId: z.string(),
  kind: z.enum(['invite', 'catchup', 'resend', 'revision']),
  sequence: z.number(),
  invitationIds: z.array(z.string()).max(CHUNK_ATTENDEES_MAX),
  /** Where the fan-out that planned this chunk goes on; absent when it was the last page. */
  nextCursor: z.string().optional(),
  /** The list that it is of: while that is paused it rests, and once that is cancelled it ends. */
  listId: z.string().optional(),
  /** The chunk that a catch-up follows: whom that has not sent anything, this one leaves out. */
  originId: z.string().optional(),
})
export type Chunk = z.infer<typeof Chunk>

export type ChunkPlan = {
  readonly chunkId: string
  readonly eventId: string
  readonly kind: Chunk['kind']
  readonly sequence: number
  readonly invitationIds: readonly string[]
  readonly topicName: 'invitation-requested' | 'chunk-planned'
  readonly nextCursor?: string
  readonly listId?: string
  readonly originId?: string
  /** How long it is left alone before the sweep finds it. */
  readonly restMs?: number
}

const REST_MS = 60_000

/** The put that plans a chunk once; its notice is published after, and again by the sweep if that was lost. */
export function planChunkOperation(ctx: Ctx, plan: ChunkPlan): WriteOperation {
  const { chunkId, topicName, restMs = REST_MS, ...chunk } = plan
  const now = ctx.clock.now()
  return {
    kind: 'put',
    item: {
      ...ledgerKey(chunkId),
      ...chunk,
      ledgerId: chunkId,
      state: 'PLANNED',
      attempt: 0,
      fence: '-',
      holder: '-',
      leaseUntil: 0,
      startedAt: 0,
      expiresAt: Math.floor(now / 1000) + LEDGER_ROW_SECONDS,
      ...markUnfinished(ctx, { rowName: chunkId, dueAt: now + restMs, topicName, body: JSON.stringify({ chunkId }) }),
    },
    when: { row: 'absent' },
  }
}

/** Ledgers of invites are named as chunks are; those of notices otherwise. */
export function isChunkId(ledgerId: string): boolean {
  return ledgerId.startsWith('chk_')
}

const DECLINE = 'dcl_'

/** Names the one mail that tells an attendee that his proposed time is declined. */
export function declineLedgerId(proposalId: string): string {
  return `${DECLINE}${proposalId}`
}

/** The proposal that a ledger declines; undefined for any other ledger. */
export function declinedProposalId(ledgerId: string): string | undefined {
  return ledgerId.startsWith(DECLINE) ? ledgerId.slice(DECLINE.length) : undefined
}

/** What is for attendees: held while the tenant's mail is stopped. What organizers are told is not. */
export function isForAttendees(ledgerId: string): boolean {
  return isChunkId(ledgerId) || declinedProposalId(ledgerId) !== undefined
}

export async function findChunk(ctx: Ctx, chunkId: string): Promise<Chunk | undefined> {
  const row = await ctx.table.get(ledgerKey(chunkId))
  return row === undefined ? undefined : Chunk.parse(row)
}
