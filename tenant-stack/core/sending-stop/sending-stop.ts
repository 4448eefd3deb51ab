import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { readMailCounts } from '../usage/usage.ts'

/** Before SES stops an account itself, at 5 % bounces or 0.1 % complaints (SES, "Sending review process"). */
const BOUNCE_SHARE_MAX = 0.04
const COMPLAINT_SHARE_MAX = 0.0008
/** Fewer mails say nothing about whoever sends them. */
const SENT_LEAST = 200
const WINDOW_DAYS = 7
const DAY_MS = 86_400_000

const Counts = z.object({ sent: z.number(), bounced: z.number(), complained: z.number() })
type Counts = z.infer<typeof Counts>

/** Whether the tenant's mail is stopped for its bounces or complaints, and since when a person has let it go on. */
export const SendingStop = z.object({
  isStopped: z.boolean(),
  reason: z.enum(['bounces', 'complaints']).optional(),
  at: z.number(),
  /** Of the window, when it was stopped or let go on. */
  counts: Counts,
  /** Why a person let it go on. */
  resumedBecause: z.string().optional(),
  version: z.number(),
})
export type SendingStop = z.infer<typeof SendingStop>

const KEY = { pk: 'sending', sk: 'stop' } as const

/** Undefined: it was never stopped. */
export async function findSendingStop(ctx: Ctx): Promise<SendingStop | undefined> {
  const row = await ctx.table.get(KEY)
  return row === undefined ? undefined : SendingStop.parse(row)
}

/** Asked at each claim: what was decided a moment ago holds for the next mail. */
export async function isSendingStopped(ctx: Ctx): Promise<boolean> {
  return (await findSendingStop(ctx))?.isStopped === true
}

/** What the shares of bounces and complaints say. Once a person has let the mail go on, only what came since then counts. */
export function decideStop(window: Counts, before: Pick<SendingStop, 'counts'> | undefined): SendingStop['reason'] {
  const since = (name: keyof Counts) => Math.max(0, window[name] - (before?.counts[name] ?? 0))
  const sent = since('sent')
  if (sent < SENT_LEAST) return undefined
  if (since('complained') / sent >= COMPLAINT_SHARE_MAX) return 'complaints'
  return since('bounced') / sent >= BOUNCE_SHARE_MAX ? 'bounces' : undefined
}

/** Stops the tenant's mail when too much of it bounces or is complained about. Looked at after each of these; safe to run twice and beside its twin. */
export async function stopWhenTooBad(ctx: Ctx): Promise<void> {
  const before = await findSendingStop(ctx)
  if (before?.isStopped === true) return
  const counts = await windowCounts(ctx)
  const reason = decideStop(counts, before)
  if (reason === undefined) return
  const stop: SendingStop = {
    isStopped: true,
    reason,
    at: ctx.clock.now(),
    counts,
    version: (before?.version ?? 0) + 1,
  }
  if (!(await write(ctx, before, stop))) return
  ctx.log.error({ at: 'sending.stopped', reason, ...counts })
}

/** Lets the mail go on, with a reason; what waited is sent by the next sweep. Again it changes nothing. */
export async function resumeSending(
  ctx: Ctx,
  { reason }: { readonly reason: string },
): Promise<SendingStop | undefined> {
  const before = await findSendingStop(ctx)
  if (before?.isStopped !== true) return before
  const after: SendingStop = {
    isStopped: false,
    at: ctx.clock.now(),
    counts: await windowCounts(ctx),
    resumedBecause: reason.slice(0, 500),
    version: before.version + 1,
  }
  await write(ctx, before, after)
  return findSendingStop(ctx)
}

async function write(ctx: Ctx, before: SendingStop | undefined, after: SendingStop): Promise<boolean> {
  try {
    await ctx.table.write({
      kind: 'put',
      item: { ...KEY, ...after },
      when: before === undefined ? { row: 'absent' } : { attribute: 'version', is: '=', value: before.version },
    })
    return true
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) return false
    throw error
  }
}

async function windowCounts(ctx: Ctx): Promise<Counts> {
  const now = ctx.clock.now()
  const days = Array.from({ length: WINDOW_DAYS }, (_, back) => now - back * DAY_MS)
  const all = await Promise.all(days.map((at) => readMailCounts(ctx, at)))
  const sum = (name: keyof Counts) => all.reduce((total, counts) => total + counts[name], 0)
  return { sent: sum('sent'), bounced: sum('bounced'), complained: sum('complained') }
}
