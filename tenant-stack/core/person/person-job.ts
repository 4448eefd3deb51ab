import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { markUnfinished, sortableTime } from '../unfinished.ts'
import { ERASURES, EXPORTS, PERSON_KINDS, type PersonKind } from './row-kind.ts'

/** `erase` takes a person out, `count` only tells what there is of him, `export` writes it out. */
export const JOB_ACTS = ['erase', 'count', 'export'] as const

/** An erasure or an export as it stays: who asked, when, what came of it, and of the person a hash. */
export const PersonJob = z.object({
  jobId: z.string(),
  act: z.enum(JOB_ACTS),
  state: z.enum(['requested', 'running', 'done']),
  addressHash: z.string(),
  suppresses: z.boolean(),
  reason: z.string().optional(),
  /** Key of the API. */
  requestedBy: z.string(),
  requestedAt: z.number(),
  doneAt: z.number().optional(),
  passes: z.number().default(0),
  /** Export: parts of its file, and until when they are kept (epoch seconds). */
  parts: z.number().default(0),
  filedUntil: z.number().optional(),
})
export type PersonJob = z.infer<typeof PersonJob> & { readonly counts: Readonly<Partial<Record<PersonKind, number>>> }

/** How far it is; gone once it is done, and with it the address. */
export const PersonWork = z.object({
  jobId: z.string(),
  act: z.enum(JOB_ACTS),
  address: z.string(),
  phase: z.number(),
  cursor: z.string().optional(),
  /** Something of him was found in this pass, or had to be left for the next. */
  isDirty: z.boolean(),
  /** Epoch milliseconds: when the job and this pass began. */
  requestedAt: z.number(),
  passFrom: z.number(),
  parts: z.number(),
  version: z.number(),
})
export type PersonWork = z.infer<typeof PersonWork>

export const ErasureFailure = defineFailures('erasure', {
  not_found: { status: 404, retry: false },
  /** His events are other people's appointments. */
  organizes: { status: 409, retry: false },
  own_domain: { status: 422, retry: false },
})

export const ExportFailure = defineFailures('export', {
  not_found: { status: 404, retry: false },
  not_ready: { status: 409, retry: true },
  gone: { status: 410, retry: false },
})

const ID = /^(?:era|exp)_[0-9a-z]{26}$/

export function jobKey(jobId: string): TableKey {
  return { pk: `${jobId.startsWith('exp_') ? EXPORTS : ERASURES}${jobId}`, sk: 'job' }
}

export function workKey(jobId: string): TableKey {
  return { pk: jobKey(jobId).pk, sk: 'work' }
}

/** One part of an export's file: records as JSON, one a line. */
export function partKey(jobId: string, part: number): TableKey {
  return { pk: jobKey(jobId).pk, sk: `part#${String(part).padStart(8, '0')}` }
}

/** One erasure of a person runs at a time. */
export function erasingKey(hash: string): TableKey {
  return { pk: `${ERASURES}of#${hash}`, sk: 'running' }
}

/** Counts are attributes of their own, so that each is added to by the write that it counts. */
const COUNT = 'n_'

export function countOperation(jobId: string, kind: PersonKind, count = 1): WriteOperation {
  return { kind: 'update', key: jobKey(jobId), add: { [COUNT + kind]: count } }
}

/** The same of several at once. */
export function tallyOf(kinds: readonly PersonKind[]): Readonly<Record<string, number>> {
  const tally: Record<string, number> = {}
  for (const kind of kinds) tally[COUNT + kind] = (tally[COUNT + kind] ?? 0) + 1
  return tally
}

export async function findJob(ctx: Ctx, jobId: string): Promise<PersonJob | undefined> {
  if (!ID.test(jobId)) return undefined
  const row = await ctx.table.get(jobKey(jobId))
  return row === undefined ? undefined : parseJob(row)
}

export function parseJob(row: Readonly<Record<string, unknown>>): PersonJob {
  const counts = Object.fromEntries(
    PERSON_KINDS.flatMap((kind) => {
      const count = row[COUNT + kind]
      return typeof count === 'number' ? [[kind, count] as const] : []
    }),
  )
  return { ...PersonJob.parse(row), counts }
}

export async function findWork(ctx: Ctx, jobId: string): Promise<PersonWork | undefined> {
  const row = await ctx.table.get(workKey(jobId))
  return row === undefined ? undefined : PersonWork.parse(row)
}

/** The mark by which the sweep finds it from then on. */
export function dueFrom(ctx: Ctx, jobId: string, dueAt: number) {
  return markUnfinished(ctx, { rowName: jobId, dueAt, topicName: 'list-due', body: JSON.stringify({ jobId }) })
}

/** Goes on with it; holds only while nobody else has. */
export function moveWork(work: PersonWork, to: Partial<PersonWork>, dueAt: number): WriteOperation {
  const { cursor, ...set } = { ...work, ...to, version: work.version + 1 }
  return {
    kind: 'update',
    key: workKey(work.jobId),
    set: { ...set, ...(cursor === undefined ? {} : { cursor }), gsi2sk: sortableTime(dueAt) },
    remove: [...(cursor === undefined ? ['cursor'] : []), 'sweeps'],
    when: { attribute: 'version', is: '=', value: work.version },
  }
}

/** Ends it, and forgets whom it was about. */
export function endWork({ jobId, version }: PersonWork): WriteOperation {
  return { kind: 'delete', key: workKey(jobId), when: { attribute: 'version', is: '=', value: version } }
}
