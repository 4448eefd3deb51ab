import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableItem, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'

/**
 * A ledger is the unit of claiming: one chunk of invites, or one notice. PLANNED → CLAIMED → DONE; an attempt that nobody
 * can tell about leaves it UNKNOWN until its time has passed or the mailer says.
 */
export const Ledger = z.object({
  ledgerId: z.string(),
  state: z.enum(['PLANNED', 'CLAIMED', 'UNKNOWN', 'DONE', 'SUPERSEDED']),
  /** Attempts begun; each has its own sendIds. */
  attempt: z.number(),
  /** Names the claim; every write of the claimant holds only while it is still this one. */
  fence: z.string(),
  holder: z.string(),
  /** Epoch milliseconds. */
  leaseUntil: z.number(),
  startedAt: z.number(),
  /** SEQUENCE that each attempt sent: what an attempt turns out to have sent is not what is current when that is learnt. */
  sequences: z.record(z.string(), z.number()).optional(),
  /** Set with UNKNOWN: nobody tries again before it. */
  dueAt: z.number().optional(),
})
export type Ledger = z.infer<typeof Ledger>

/** What is certain about one mail of a ledger. No entry, after an attempt, means: unknown. */
export const LedgerEntry = z.object({
  index: z.number(),
  /** RETRY: every attempt up to `attempt` was definitely refused for now. */
  state: z.enum(['ACCEPTED', 'FAILED', 'SKIPPED', 'RETRY']),
  attempt: z.number(),
  sendId: z.string(),
  mailerMessageId: z.string().exactOptional(),
  reason: z.string().exactOptional(),
})
export type LedgerEntry = z.infer<typeof LedgerEntry>

export const LedgerFailure = defineFailures('ledger', {
  /** Another worker took the ledger over; whatever it decides stands. */
  fence_lost: { status: 409, retry: false },
  missing: { status: 404, retry: false },
})

/** Nothing more is sent by it, nor recorded. */
export function isFinished({ state }: Pick<Ledger, 'state'>): boolean {
  return state === 'DONE' || state === 'SUPERSEDED'
}

/** Whether a ledger is finished; one of which nothing is kept any more is. */
export async function isLedgerFinished(ctx: Ctx, ledgerId: string): Promise<boolean> {
  const row = await ctx.table.get(ledgerKey(ledgerId))
  return row === undefined || isFinished(Ledger.parse(row))
}

export function ledgerKey(ledgerId: string) {
  return { pk: `ledger#${ledgerId}`, sk: 'ledger' }
}

/**
 * Entries that share a row and are recorded together, with what follows from them. So many mails are uncertain at most after a crash; fewer would cost
 * more, since each record writes the same counters, and more would not fit a transaction beside the messages to webhooks (`SENT_WEBHOOKS_MAX`).
 */
export const ENTRIES_PER_ROW = 30

/** The first index of the row that an entry is kept in. */
export function rowStart(index: number): number {
  return index - (index % ENTRIES_PER_ROW)
}

/**
 * One row for the entries of `ENTRIES_PER_ROW` mails: a row for each would be a third of what a mail of a list costs in writes. The holder of the
 * claim alone writes it, whole.
 */
export function entriesOperation(ledgerId: string, entries: readonly LedgerEntry[], expiresAt: number): WriteOperation {
  const start = rowStart(entries[0]?.index ?? 0)
  const kept = entries.toSorted((a, b) => a.index - b.index).map((entry) => KeptEntry.parse(entry))
  return { kind: 'put', item: { ...entriesKey(ledgerId, start), entries: kept, expiresAt } }
}

/** What is certain about the mails of a ledger, by index. */
export async function readEntries(ctx: Ctx, ledgerId: string): Promise<ReadonlyMap<number, LedgerEntry>> {
  const { pk } = ledgerKey(ledgerId)
  const { items } = await ctx.table.query({ pk, sk: { beginsWith: ENTRIES }, limit: 200 })
  const known = new Map<number, LedgerEntry>()
  for (const entry of items.flatMap((item) => entriesOf(ledgerId, item)))
    if (isNewer(entry, known.get(entry.index))) known.set(entry.index, entry)
  return known
}

/** A row of before may still say RETRY of what a later one says for certain. */
function isNewer(entry: LedgerEntry, known: LedgerEntry | undefined): boolean {
  if (known === undefined) return true
  return known.state === 'RETRY' && (entry.state !== 'RETRY' || entry.attempt > known.attempt)
}

/** Begins the names of rows of both forms. */
const ENTRIES = 'entr'

function entriesKey(ledgerId: string, start: number) {
  return { ...ledgerKey(ledgerId), sk: `entries#${String(start).padStart(3, '0')}` }
}

/** The sendId follows from where it is kept. */
const KeptEntry = LedgerEntry.omit({ sendId: true })
const EntriesRow = z.object({ entries: z.array(KeptEntry) })

function entriesOf(ledgerId: string, item: TableItem): readonly LedgerEntry[] {
  // Rows of before name one mail each (`entry#`): what was on its way when the release came is not sent again.
  if (item.entries === undefined) return [LedgerEntry.parse(item)]
  return EntriesRow.parse(item).entries.map((entry) => ({
    ...entry,
    sendId: sendIdOf(ledgerId, entry.index, entry.attempt),
  }))
}

/** Names one attempt at one mail, the same for whoever computes it. */
export function sendIdOf(ledgerId: string, index: number, attempt: number): string {
  return `snd_${ledgerId}-${index}-${attempt}`
}

/** Ledger rows outlive 28 days, the longest an answer or a bounce refers back. */
export const LEDGER_ROW_SECONDS = 60 * 24 * 3600
