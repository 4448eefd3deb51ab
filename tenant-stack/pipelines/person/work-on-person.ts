import type { PersonDue } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { type Person, personOf } from '#tenant-stack/core/person/person.ts'
import {
  endWork,
  erasingKey,
  findWork,
  jobKey,
  moveWork,
  type PersonWork,
  partKey,
  tallyOf,
} from '#tenant-stack/core/person/person-job.ts'
import { publish } from '#tenant-stack/core/publish.ts'
import { countVisitor } from './count-visitor.ts'
import { eraseVisitor } from './erase-visitor.ts'
import { exportVisitor } from './export-visitor.ts'
import type { Visited, Visitor } from './visitor.ts'

/** Rows of a page, which is 1 MB at most. */
const ROWS_A_PAGE = 200
/** Objects of a page: of received mail each may be 25 MB. */
const BLOBS_A_PAGE = 20
/** Pages of one run, well within its time; then it goes on by its own topic. */
const PAGES_PER_RUN = 25

/** A run that is killed is given again at once; what nobody goes on with, the sweep finds so much later. */
const SWEPT_AFTER_MS = 60_000

/**
 * No handler lives longer. What was read before the first pass may be written after it by who still has it in his hands: the pass that finds
 * nothing counts only when it began so long after the request.
 */
export const SETTLED_AFTER_MS = 300_000

/** An export's file is given out so long from when it is done. */
const EXPORT_KEPT_SECONDS = 7 * 86_400
/** Of each part from when it is written: so long may the making take besides. */
const PART_SECONDS = EXPORT_KEPT_SECONDS + 86_400

/** Where things of a person lie: the rows, objects by prefix, and copies of what was sent. */
const PHASES = ['rows', 'inbound/', 'lists/', 'events/', 'tombstones/', 'sent'] as const

export type PersonOutcome = 'done' | 'continued' | 'waits' | 'overtaken'

/**
 * Goes on with an erasure or an export. Safe to run twice, late, and beside its twin: what a page finds is written on condition, and each page moves
 * the work's row over the state that it was read in. An erasure is done when a whole pass has found nothing more.
 */
export async function workOnPerson(ctx: Ctx, { jobId }: PersonDue): Promise<PersonOutcome> {
  let work = await findWork(ctx, jobId)
  if (work === undefined) return 'done'
  if (work.passFrom > ctx.clock.now()) return 'waits'
  const person = personOf(ctx, work.address)
  try {
    await begin(ctx, work)
    for (let pages = 0; pages < PAGES_PER_RUN; pages += 1) {
      const next = await page(ctx, person, work)
      if (next === 'done' || next === 'waits') return next
      work = next
    }
  } catch (error) {
    if (isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')) return 'overtaken'
    throw error
  }
  await publish(ctx, 'list-due', { jobId })
  return 'continued'
}

async function begin(ctx: Ctx, { jobId, version }: PersonWork): Promise<void> {
  if (version === 1) await ctx.table.write({ kind: 'update', key: jobKey(jobId), set: { state: 'running' } })
}

async function page(ctx: Ctx, person: Person, work: PersonWork): Promise<PersonWork | 'done' | 'waits'> {
  const visitor = visitorOf(ctx, person, work)
  const phase = PHASES[work.phase]
  if (phase === undefined) return endOfPass(ctx, person, work)
  const { cursor, visited } = await visitPage(ctx, visitor, phase, work.cursor)
  const texts = visited.flatMap(({ parts = [] }) => parts)
  const kinds = visited.flatMap((one) => one.kinds ?? [])
  const to: PersonWork = {
    ...withoutCursor(work),
    isDirty: work.isDirty || visited.some(({ isDirty }) => isDirty),
    parts: work.parts + texts.length,
    ...(cursor === undefined ? { phase: work.phase + 1 } : { cursor }),
  }
  const dueAt = ctx.clock.now() + SWEPT_AFTER_MS
  await ctx.table.transact([
    moveWork(work, to, dueAt),
    ...(kinds.length === 0 ? [] : [{ kind: 'update', key: jobKey(work.jobId), add: tallyOf(kinds) } as const]),
    ...texts.map((text, index) => partOperation(ctx, work, index, text)),
  ])
  return { ...to, version: work.version + 1 }
}

async function visitPage(
  ctx: Ctx,
  visitor: Visitor,
  phase: (typeof PHASES)[number],
  after: string | undefined,
): Promise<{ readonly cursor?: string; readonly visited: readonly Visited[] }> {
  const from = after === undefined ? {} : { cursor: after }
  if (phase === 'rows') {
    const { items, cursor } = await ctx.table.scan({ limit: ROWS_A_PAGE, ...from })
    return { visited: [await visitor.rows(items)], ...(cursor === undefined ? {} : { cursor }) }
  }
  if (phase === 'sent') {
    const { cursor, ...visited } = await visitor.sent(after)
    return { visited: [visited], ...(cursor === undefined ? {} : { cursor }) }
  }
  const { blobs, cursor } = await ctx.blobs.list(phase, { limit: BLOBS_A_PAGE, ...from })
  const visited: Visited[] = []
  for (const { key, storedAt } of blobs) visited.push(await visitor.blob(key, storedAt))
  return { visited, ...(cursor === undefined ? {} : { cursor }) }
}

async function endOfPass(ctx: Ctx, person: Person, work: PersonWork): Promise<PersonWork | 'done' | 'waits'> {
  const now = ctx.clock.now()
  const settledAt = work.requestedAt + SETTLED_AFTER_MS
  if (work.act !== 'erase' || (!work.isDirty && work.passFrom >= settledAt)) {
    await ctx.table.transact(endOf(ctx, person, work))
    return 'done'
  }
  // What had to be left is looked at again a minute later.
  const passFrom = now < settledAt ? settledAt : now + SWEPT_AFTER_MS
  const to = { ...withoutCursor(work), phase: 0, isDirty: false, passFrom }
  await ctx.table.transact([
    moveWork(work, to, passFrom),
    { kind: 'update', key: jobKey(work.jobId), add: { passes: 1 } },
  ])
  return 'waits'
}

function endOf(ctx: Ctx, person: Person, work: PersonWork): readonly WriteOperation[] {
  const now = ctx.clock.now()
  const filed =
    work.act === 'export' ? { parts: work.parts, filedUntil: Math.floor(now / 1000) + EXPORT_KEPT_SECONDS } : {}
  return [
    endWork(work),
    { kind: 'update', key: jobKey(work.jobId), set: { state: 'done', doneAt: now, ...filed }, add: { passes: 1 } },
    ...(work.act === 'erase' ? [{ kind: 'delete', key: erasingKey(person.hash) } as const] : []),
  ]
}

function partOperation(ctx: Ctx, { jobId, parts }: PersonWork, index: number, text: string): WriteOperation {
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + PART_SECONDS
  return { kind: 'put', item: { ...partKey(jobId, parts + index + 1), text, expiresAt } }
}

function withoutCursor(work: PersonWork): PersonWork {
  const { cursor: _, ...others } = work
  return others
}

function visitorOf(ctx: Ctx, person: Person, work: PersonWork): Visitor {
  if (work.act === 'erase') return eraseVisitor(ctx, person, work)
  return work.act === 'count' ? countVisitor(ctx, person) : exportVisitor(ctx, person)
}
