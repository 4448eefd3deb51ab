import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { dayOf, readMailCounts } from '../usage/usage.ts'

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
  /** What it was stopped for, or the window's when a person let it go on. */
  counts: Counts,
  /** Of the UTC day of `at`, when a person let it go on: what was counted earlier on it is forgiven. */
  dayCounts: Counts.optional(),
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

export type DayCounts = { readonly day: string; readonly counts: Counts }

/**
 * Sums the days of the window. Once a person has let the mail go on, only what came since then counts: earlier days are left out, and of that
 * day what it had by then. Nothing is taken off later days, or the forgiven mails would hide new ones after they have left the window.
 */
export function countsSince(days: readonly DayCounts[], resumed?: Pick<SendingStop, 'at' | 'dayCounts'>): Counts {
  const resumedDay = resumed === undefined ? '' : dayOf(resumed.at)
  const sum = (name: keyof Counts) =>
    days
      .filter(({ day }) => day >= resumedDay)
      .map(({ day, counts }) => counts[name] - (day === resumedDay ? (resumed?.dayCounts?.[name] ?? 0) : 0))
      .reduce((total, count) => total + Math.max(0, count), 0)
  return { sent: sum('sent'), bounced: sum('bounced'), complained: sum('complained') }
}

/** What the shares of bounces and complaints say. */
export function decideStop({ sent, bounced, complained }: Counts): SendingStop['reason'] {
  if (sent < SENT_LEAST) return undefined
  if (complained / sent >= COMPLAINT_SHARE_MAX) return 'complaints'
  return bounced / sent >= BOUNCE_SHARE_MAX ? 'bounces' : undefined
}

/** Stops the tenant's mail when too much of it bounces or is complained about. Looked at after each of these; safe to run twice and beside its twin. */
export async function stopWhenTooBad(ctx: Ctx): Promise<void> {
  const before = await findSendingStop(ctx)
  if (before?.isStopped === true) return
  const counts = countsSince(await windowDays(ctx), before)
  const reason = decideStop(counts)
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
  const at = ctx.clock.now()
  const days = await windowDays(ctx)
  const dayCounts = days.find(({ day }) => day === dayOf(at))?.counts
  const after: SendingStop = {
    isStopped: false,
    at,
    counts: countsSince(days),
    ...(dayCounts === undefined ? {} : { dayCounts }),
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

async function windowDays(ctx: Ctx): Promise<readonly DayCounts[]> {
  const now = ctx.clock.now()
  const days = Array.from({ length: WINDOW_DAYS }, (_, back) => now - back * DAY_MS)
  return Promise.all(days.map(async (at) => ({ day: dayOf(at), counts: await readMailCounts(ctx, at) })))
}
