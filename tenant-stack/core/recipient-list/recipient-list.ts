import * as z from 'zod'
import { LIST_PREFIX } from '#shared/contracts/lists-api.ts'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'

export const LIST_STATES = ['checking', 'ready', 'sending', 'paused', 'done', 'cancelled'] as const
export type ListState = (typeof LIST_STATES)[number]

export const LIST_WAITS = ['sends_per_day', 'other_list'] as const
export type ListWait = (typeof LIST_WAITS)[number]

/** What a list's organizer is told by mail, each once: it waits for his word, for the next day, for the tenant's mail to go on, or it is done. */
export const LIST_NOTICES = ['checked', 'waits', 'stopped', 'done'] as const
export type ListNotice = (typeof LIST_NOTICES)[number]

/** Why a line of a list got no invitation. */
export const ROW_REASONS = [
  'missing_address',
  'invalid_address',
  'too_long',
  'unreadable',
  'open_quote',
  'duplicate',
  'own_domain',
  'already_invited',
  'suppressed',
  'over_limit',
] as const
export type ListRowReason = (typeof ROW_REASONS)[number]

/**
 * People to be invited to one event, as a file in Blobs. It is checked first (`checking`, then `ready`: what would be sent, and whom it would not
 * reach and why), and sent once somebody has confirmed that. `row` is the last of its rows that the phase under way has dealt with: whoever goes on,
 * after a death or in the next run, goes on behind it.
 */
export const RecipientList = z.object({
  listId: z.string(),
  eventId: z.string(),
  fileName: z.string().optional(),
  sizeBytes: z.number(),
  /** Only to be looked at: it ends with its check, and nobody can confirm it. */
  isDryRun: z.boolean().optional(),
  /** It came by mail: which, and to which of our addresses. */
  fromMail: z.object({ mailId: z.string(), recipient: z.string() }).optional(),
  told: z.array(z.enum(LIST_NOTICES)).optional(),
  state: z.enum(LIST_STATES),
  row: z.number(),
  /** People, and lines that name somebody or fail to; known once it is checked. */
  rows: z.number(),
  /** Of the check: who would be sent an invitation. */
  valid: z.number(),
  /** Of the phase under way or the last one: lines without an invitation, by reason. */
  refused: z.record(z.string(), z.number()),
  /** Invitations planned so far, and the chunks that hold them. */
  planned: z.number(),
  chunks: z.number(),
  /** It was paused: chunks that rest are offered again first. */
  isResumed: z.boolean().optional(),
  /** Set while it waits: for the next day, or until mails of a cancelled list to the same people are certain. */
  waitsUntil: z.number().optional(),
  waitsFor: z.enum(LIST_WAITS).optional(),
  createdAt: z.number(),
  checkedAt: z.number().optional(),
  confirmedAt: z.number().optional(),
  plannedAt: z.number().optional(),
  version: z.number(),
})
export type RecipientList = z.infer<typeof RecipientList>

/** A line that got no invitation. */
export const RefusedRow = z.object({ row: z.number(), line: z.number(), reason: z.enum(ROW_REASONS), text: z.string() })
export type RefusedRow = z.infer<typeof RefusedRow>

export const ListFailure = defineFailures('list', {
  not_found: { status: 404, retry: false },
  wrong_state: { status: 409, retry: false },
  /** A file without a single line that names somebody. */
  empty: { status: 422, retry: false },
  changed_meanwhile: { status: 409, retry: true },
})

export function listKey(listId: string): TableKey {
  return { pk: `list#${listId}`, sk: 'list' }
}

/** Beside the event's other rows, newest last. */
export function listOfEventKey(eventId: string, listId: string): TableKey {
  return { pk: `event#${eventId}`, sk: `list#${listId}` }
}

/** What the check has refused may be taken when it is sent, and the other way round: each phase has rows of its own. */
export function refusedRowPrefix({ confirmedAt }: Pick<RecipientList, 'confirmedAt'>): string {
  return confirmedAt === undefined ? 'row#checked#' : 'row#sent#'
}

export function refusedRowKey(list: Pick<RecipientList, 'listId' | 'confirmedAt'>, row: number): TableKey {
  return { pk: `list#${list.listId}`, sk: `${refusedRowPrefix(list)}${String(row).padStart(10, '0')}` }
}

export function listBlobKey(listId: string): string {
  return `${LIST_PREFIX}${listId}`
}

export function listChunkId(listId: string, chunk: number): string {
  return `chk_${listId}-${chunk}`
}
