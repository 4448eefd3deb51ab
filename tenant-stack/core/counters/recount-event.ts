import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem, WriteOperation } from '#shared/platform/table.ts'
import { type CalendarEvent, eventKey } from '../calendar-event/calendar-event.ts'
import { getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { currentPartstat, Invitation } from '../invitation/invitation.ts'
import { addAnswers, addDay, addInto, addTotals, type CounterDelta, readCounts, TALLY } from './counters.ts'
import { differenceOf } from './owner.ts'
import {
  differencesBetween,
  forgetProgress,
  keepProgress,
  type Progress,
  type Recounted,
  readProgress,
} from './recount-progress.ts'
import { closedDay, rollUpEvent } from './roll-up.ts'

const ROWS_A_PAGE = 1000
/** What one call counts: some seconds, where API Gateway waits 29. */
const PAGES_A_CALL = 50
/** Somebody answers while it counts: counted anew, at most so often in one call. */
const TRIES = 3

/** Counts that each day's rows have as well: together they are the total. */
const DAILY = ['events', 'invited', 'sent', 'failed', 'suppressed', 'delivered', 'rejected', 'bounced', 'complained']
const ANSWERS = ['accepted', 'declined', 'tentative', 'delegated']

type Input = {
  readonly eventId: string
  readonly isRepair: boolean
  /** Pages of this call; absent: as many as it has time for. */
  readonly pages?: number
}

/**
 * Counts an event's invitations row by row and compares. Whoever writes moves row and counters in one transaction, so their difference stays what
 * it is however much is written meanwhile; it can be read where the counters stand still between beginning and end. A repair adds the
 * difference, once. Throws `event.not_found`.
 */
export async function recountEvent(ctx: Ctx, input: Input): Promise<Recounted> {
  for (let attempt = 1; ; attempt += 1) {
    const recounted = await recountOnce(ctx, input)
    if (recounted.state !== 'busy' || attempt >= TRIES) return recounted
  }
}

async function recountOnce(ctx: Ctx, { eventId, isRepair, pages = PAGES_A_CALL }: Input): Promise<Recounted> {
  const key = { pk: `count#${eventId}`, sk: 'recount' }
  const kept = await readProgress(ctx, key)
  const calendarEvent = await getEvent(ctx, eventId)
  const begun = kept.cursor === undefined ? { ...kept, mark: (await counted(ctx, calendarEvent)).mark } : kept
  const progress = await countFurther(ctx, calendarEvent, { begun, pages })
  const { sums, seen } = progress
  if (progress.cursor !== undefined) {
    await keepProgress(ctx, key, progress)
    return { state: 'counting', rows: seen, differences: [] }
  }
  if (kept.cursor !== undefined) await forgetProgress(ctx, key)
  const now = await counted(ctx, await getEvent(ctx, eventId))
  if (now.mark !== progress.mark) return { state: 'busy', rows: seen, differences: [] }
  const rows = { ...sums, events: 1, cancelledEvents: calendarEvent.status === 'cancelled' ? 1 : 0 }
  const differences = [...differencesBetween(now.counts, rows), ...seriesDifferences(now.days, rows)]
  if (differences.length === 0) {
    if (isRepair) await rollUpMissed(ctx, eventId)
    return { state: 'equal', rows: seen, differences }
  }
  if (!isRepair) return { state: 'different', rows: seen, differences }
  try {
    await ctx.table.transact(repairOf(ctx, calendarEvent, progress, { ...now, rows }))
  } catch (error) {
    if (isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict'))
      return { state: 'busy', rows: seen, differences: [] }
    throw error
  }
  await rollUpMissed(ctx, eventId)
  return { state: 'repaired', rows: seen, differences }
}

/** Reads some pages of rows and adds them up; the cursor is gone when all are read. */
async function countFurther(
  ctx: Ctx,
  calendarEvent: CalendarEvent,
  { begun, pages }: { readonly begun: Progress; readonly pages: number },
): Promise<Progress> {
  const sums = new Map(Object.entries(begun.sums))
  let { cursor, seen } = begun
  for (let read = 0; read < pages; read += 1) {
    const page = await ctx.table.query({
      pk: eventKey(calendarEvent.eventId).pk,
      sk: { beginsWith: 'inv#' },
      limit: ROWS_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const item of page.items) addInto(sums, countsOf(calendarEvent, item))
    seen += page.items.length
    cursor = page.cursor
    if (cursor === undefined) break
  }
  const { cursor: _, ...rest } = begun
  return { ...rest, sums: Object.fromEntries(sums), seen, ...(cursor === undefined ? {} : { cursor }) }
}

/** What one invitation's row counts for. */
function countsOf(calendarEvent: CalendarEvent, item: TableItem): CounterDelta {
  const invitation = Invitation.parse(item)
  const partstat = currentPartstat(invitation, calendarEvent)
  const tallies = Object.entries(item).flatMap(([name, count]) =>
    name.startsWith(TALLY) && typeof count === 'number' ? [[name.slice(TALLY.length), count] as const] : [],
  )
  return {
    ...Object.fromEntries(tallies),
    invited: 1,
    [`channel_${invitation.channel}`]: 1,
    ...(invitation.replyClient === undefined ? {} : { [`client_${invitation.replyClient}`]: 1 }),
    ...(partstat === 'NEEDS-ACTION' ? {} : { [partstat.toLowerCase()]: 1 }),
  }
}

/** The counters as they stand, and one text that says whether they have moved: every move raises one of them, a reset the SEQUENCE. */
async function counted(ctx: Ctx, { eventId, lastResetSequence, sequence }: CalendarEvent) {
  const { totals, answers, days } = await readCounts(ctx, eventId, lastResetSequence)
  const inDays = new Map<string, number>()
  for (const { counts } of days) addInto(inDays, counts)
  const counts = { ...totals, ...answers }
  return { counts, days: inDays, mark: ctx.sha256(JSON.stringify([sequence, counts, days])) }
}

function seriesDifferences(days: ReadonlyMap<string, number>, rows: CounterDelta): Recounted['differences'] {
  const daily = (from: (name: string) => number | undefined) =>
    Object.fromEntries(DAILY.map((name) => [`over_time_${name}`, from(name) ?? 0]))
  return differencesBetween(
    daily((name) => days.get(name)),
    daily((name) => rows[name]),
  )
}

/** The counters get what the rows have more, whatever is added to both meanwhile; of a day that is not known the series gets it today. */
function repairOf(
  ctx: Ctx,
  calendarEvent: CalendarEvent,
  { repairs }: Progress,
  of: { readonly counts: CounterDelta; readonly days: ReadonlyMap<string, number>; readonly rows: CounterDelta },
): readonly WriteOperation[] {
  const { eventId, lastResetSequence, sequence } = calendarEvent
  const missing = Object.entries(differenceOf(of.rows, of.counts))
  const totals = Object.fromEntries(missing.filter(([name]) => !ANSWERS.includes(name)))
  const answers = Object.fromEntries(missing.filter(([name]) => ANSWERS.includes(name)))
  const daily = Object.fromEntries(DAILY.map((name) => [name, of.rows[name] ?? 0]))
  const inDays = Object.fromEntries(DAILY.map((name) => [name, of.days.get(name) ?? 0]))
  return [
    { kind: 'check', key: eventKey(eventId), when: { attribute: 'sequence', is: '=', value: sequence } },
    {
      kind: 'update',
      key: { pk: `count#${eventId}`, sk: 'recount' },
      add: { repairs: 1 },
      when: repairs === 0 ? { attribute: 'repairs', is: 'absent' } : { attribute: 'repairs', is: '=', value: repairs },
    },
    ...(Object.keys(totals).length === 0 ? [] : [addTotals(ctx, eventId, eventId, totals)]),
    ...(Object.keys(answers).length === 0 ? [] : [addAnswers(ctx, eventId, lastResetSequence, eventId, answers)]),
    addDay(ctx, eventId, ctx.clock.now(), eventId, differenceOf(daily, inDays)),
  ]
}

/** What was counted on a day after that was closed is in no owner's sum until something else is counted: it gets there now. */
async function rollUpMissed(ctx: Ctx, eventId: string): Promise<void> {
  const closed = await closedDay(ctx)
  if (closed !== undefined) await rollUpEvent(ctx, eventId, closed)
}
