import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'

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

/** What is certain about one mail of a ledger. No row, after an attempt, means: unknown. */
export const LedgerEntry = z.object({
  index: z.number(),
  /** RETRY: every attempt up to `attempt` was definitely refused for now. */
  state: z.enum(['ACCEPTED', 'FAILED', 'SKIPPED', 'RETRY']),
  attempt: z.number(),
  sendId: z.string(),
  mailerMessageId: z.string().optional(),
  reason: z.string().optional(),
})
export type LedgerEntry = z.infer<typeof LedgerEntry>

export const LedgerFailure = defineFailures('ledger', {
  /** Another worker took the ledger over; whatever it decides stands. */
  fence_lost: { status: 409, retry: false },
  missing: { status: 404, retry: false },
})

export function ledgerKey(ledgerId: string) {
  return { pk: `ledger#${ledgerId}`, sk: 'ledger' }
}

export function entryKey(ledgerId: string, index: number) {
  return { pk: `ledger#${ledgerId}`, sk: `entry#${String(index).padStart(3, '0')}` }
}

/** Names one attempt at one mail, the same for whoever computes it. */
export function sendIdOf(ledgerId: string, index: number, attempt: number): string {
  return `snd_${ledgerId}-${index}-${attempt}`
}

/** Ledger rows outlive 28 days, the longest an answer or a bounce refers back. */
export const LEDGER_ROW_SECONDS = 60 * 24 * 3600
