import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { listIndex } from '../calendar-event/list-index.ts'
import type { Ctx } from '../context.ts'
import { parseAttendeeAddress } from '../invitation/attendee-address.ts'
import { isOwnAddress } from '../mailbox/mailbox.ts'
import { publish } from '../publish.ts'
import { suppress } from '../suppression/suppress.ts'
import { sortableTime } from '../unfinished.ts'
import { type Person, personOf } from './person.ts'
import {
  dueFrom,
  ErasureFailure,
  erasingKey,
  findJob,
  jobKey,
  type PersonJob,
  type PersonWork,
  parseJob,
  workKey,
} from './person-job.ts'

/** The first notice is on its way so long before the sweep publishes another. */
const SWEPT_AFTER_MS = 60_000

/** As long as the log of received mail: what an export was asked for need not be known for ever. */
const EXPORT_ROW_SECONDS = 400 * 86_400

export type JobAsked = {
  readonly email: string
  readonly act: PersonJob['act']
  readonly reason?: string | undefined
  /** He is sent nothing any more; a suppression that stands already stays in any case. */
  readonly suppresses: boolean
  readonly requestedBy: string
}

/**
 * Promises to erase a person, to count what there is of him, or to write it out. While one erasure of an address runs, asking again gives that one.
 * Throws `erasure.organizes`, `erasure.own_domain`, `invitation.bad_address`.
 */
export async function requestJob(ctx: Ctx, asked: JobAsked): Promise<PersonJob> {
  const address = parseAttendeeAddress(asked.email)
  if (isOwnAddress(ctx.settings, address))
    throw ErasureFailure.own_domain(`Addresses of ${ctx.settings.domainName} itself are no person's.`)
  const person = personOf(ctx, address)
  if (asked.act !== 'export') await refuseOrganizer(ctx, person)
  const isErasing = asked.act === 'erase'
  const running = isErasing ? await findRunning(ctx, person) : undefined
  if (running !== undefined) return running
  // First: whoever invites him from now on sends him nothing.
  if (isErasing && asked.suppresses) await suppress(ctx, { address: person.address, reason: 'manual', source: 'api' })
  const jobId = ctx.ids.newId(asked.act === 'export' ? 'exp' : 'era')
  try {
    await ctx.table.transact([
      ...newJob(ctx, { ...asked, jobId, person }),
      ...(isErasing
        ? [{ kind: 'put', item: { ...erasingKey(person.hash), jobId }, when: { row: 'absent' } } as const]
        : []),
    ])
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    const twin = await findRunning(ctx, person)
    if (twin === undefined) throw error
    return twin
  }
  await publish(ctx, 'list-due', { jobId })
  return parseJob((await ctx.table.get(jobKey(jobId))) ?? {})
}

async function findRunning(ctx: Ctx, { hash }: Person): Promise<PersonJob | undefined> {
  const row = await ctx.table.get(erasingKey(hash))
  return typeof row?.jobId === 'string' ? findJob(ctx, row.jobId) : undefined
}

async function refuseOrganizer(ctx: Ctx, { address: organizerAddress }: Person): Promise<void> {
  const upcoming = await listIndex(ctx, { organizerAddress, limit: 1, status: 'confirmed', time: 'future' })
  if (upcoming.rows.length > 0)
    throw ErasureFailure.organizes('He organizes events that are yet to come: cancel them or hand them over first.')
  if ((await listIndex(ctx, { organizerAddress, limit: 1 })).rows.length > 0)
    throw ErasureFailure.organizes(
      'He has organized events here: their attendees have his name in their calendars, and the events are kept with it.',
    )
}

function newJob(
  ctx: Ctx,
  {
    jobId,
    person,
    act,
    suppresses,
    reason,
    requestedBy,
  }: JobAsked & { readonly jobId: string; readonly person: Person },
): readonly WriteOperation[] {
  const now = ctx.clock.now()
  const work: PersonWork = {
    jobId,
    act,
    address: person.address,
    phase: 0,
    isDirty: false,
    requestedAt: now,
    passFrom: now,
    parts: 0,
    version: 1,
  }
  const job = {
    ...jobKey(jobId),
    gsi1pk: act === 'export' ? 'exports' : 'erasures',
    gsi1sk: `${sortableTime(now)}#${jobId}`,
    jobId,
    act,
    state: 'requested',
    addressHash: person.hash,
    suppresses,
    ...(reason === undefined ? {} : { reason: person.redact(reason) }),
    requestedBy,
    requestedAt: now,
    ...(act === 'export' ? { expiresAt: Math.floor(now / 1000) + EXPORT_ROW_SECONDS } : {}),
  }
  return [
    { kind: 'put', item: job, when: { row: 'absent' } },
    {
      kind: 'put',
      item: { ...workKey(jobId), ...work, ...dueFrom(ctx, jobId, now + SWEPT_AFTER_MS) },
      when: { row: 'absent' },
    },
  ]
}

/** Erasures or exports, newest first; the newest may be missing for a moment (an index). */
export async function listJobs(
  ctx: Ctx,
  query: { readonly of: 'erasures' | 'exports'; readonly limit: number; readonly after?: string | undefined },
): Promise<{ readonly jobs: readonly PersonJob[]; readonly next?: string }> {
  const page = await ctx.table.query({
    index: 'gsi1',
    pk: query.of,
    descending: true,
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  return { jobs: page.items.map(parseJob), ...(page.cursor === undefined ? {} : { next: page.cursor }) }
}
