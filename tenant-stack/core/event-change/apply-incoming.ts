import { type Failure, isFailure } from '#shared/errors/failure.ts'
import { applyDecision } from '#shared/itip/apply-decision.ts'
import { decideOrganizer } from '#shared/itip/decide-organizer.ts'
import type { OrganizerDecision, StoredSeries } from '#shared/itip/decisions.ts'
import { TableFailure, type TableItem } from '#shared/platform/table.ts'
import { putTombstone, tombstoneOperation } from '../calendar-event/uid-owners.ts'
import type { Ctx } from '../context.ts'
import { isUnstorable, unstorable } from '../inbound-mail/unstorable.ts'
import { createEvent } from './create-event.ts'
import { type Effect, GroupResult, type IncomingGroup } from './incoming-group.ts'
import { occurrencesOf } from './occurrences-of.ts'
import { quietEvent, reviseEvent } from './revise-event.ts'
import { type Known, knownOf } from './stored-series.ts'

/** Somebody else may change the same event meanwhile: decide again on what is stored then, at most so often. */
const TRIES = 6

/** Names what was asked for ever: the same name is applied once. */
export type Asked = Pick<IncomingGroup, 'mailId' | 'recipient' | 'ordinal'> & {
  /** Epoch seconds after which the name is forgotten; absent: never. */
  readonly expiresAt?: number
}

/** Decides and applies one group in one transaction with the record that it was done. */
export async function applyIncoming(ctx: Ctx, group: IncomingGroup): Promise<GroupResult> {
  return applyOnce(ctx, group, () => effectOf(ctx, group))
}

/** Applies one effect with the record that it was done; it is made anew on what is stored then when somebody else was first. */
export async function applyOnce(ctx: Ctx, asked: Asked, effect: () => Promise<Effect>): Promise<GroupResult> {
  const doneKey = { pk: `mail#${asked.mailId}`, sk: `done#${asked.recipient}#${asked.ordinal}` }
  const row = { ...doneKey, ...(asked.expiresAt === undefined ? {} : { expiresAt: asked.expiresAt }) }
  for (let attempt = 1; ; attempt += 1) {
    const done = await ctx.table.get(doneKey)
    if (done !== undefined) return GroupResult.parse(done)
    try {
      return await write(ctx, row, await effect())
    } catch (error) {
      // The other groups of the mail stand, so this one alone ends so.
      if (isUnstorable(error)) return write(ctx, row, { operations: [], result: unstorableResult(ctx, error) })
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}

async function write(ctx: Ctx, row: TableItem, { operations, result }: Effect): Promise<GroupResult> {
  await ctx.table.transact([...operations, { kind: 'put', item: { ...row, ...result }, when: { row: 'absent' } }])
  return result
}

function unstorableResult(ctx: Ctx, error: Failure): GroupResult {
  const { kind, reason } = unstorable(ctx, error).outcome
  return { kind: kind === 'quarantined' ? kind : 'ignored', reason, notices: [] }
}

/** What one group does to what is stored now. Throws `table.conflict` when that is not what the group was made from. */
export async function effectOf(ctx: Ctx, group: IncomingGroup): Promise<Effect> {
  const known = await knownOf(ctx, group.incoming, group.who)
  if (group.basedOn !== undefined && known.calendarEvent?.seriesBlobKey !== group.basedOn)
    throw TableFailure.conflict('The event was changed meanwhile.')
  const occurrences = await occurrencesOf(ctx, group.incoming, known.stored)
  if (occurrences === undefined) return nothing('quarantined', 'recurrence_over_budget')
  const decision = decideOrganizer({ incoming: group.incoming, stored: known.stored, who: group.who, occurrences })
  return effectOfDecision(ctx, group, known, decision)
}

async function effectOfDecision(
  ctx: Ctx,
  group: IncomingGroup,
  known: Known,
  decision: OrganizerDecision,
): Promise<Effect> {
  if (decision.kind === 'refused') return nothing('refused', decision.reason)
  if (decision.kind === 'ignored' && decision.quietly === undefined) return nothing('ignored', decision.reason)
  const stored: StoredSeries | undefined = applyDecision(known.stored, decision, group.who)
  if (stored === undefined) return nothing('ignored', decision.kind === 'ignored' ? decision.reason : decision.kind)
  const { calendarEvent } = known
  if (decision.kind === 'create')
    return createEvent(ctx, { group, decision, stored, owner: known.owner, replaces: calendarEvent })
  if (decision.kind === 'tombstone' || calendarEvent === undefined) {
    const tombstoneBlobKey = await putTombstone(ctx, stored)
    const owner = { clientUid: group.incoming.uid, organizerAddress: group.who.address, tombstoneBlobKey }
    const reason = decision.kind === 'ignored' ? decision.reason : 'cancelled_before_created'
    return {
      operations: [tombstoneOperation(ctx, owner, known.owner)],
      result: { kind: 'ignored', reason, notices: [] },
    }
  }
  if (decision.kind === 'ignored') return quietEvent(ctx, { group, calendarEvent, stored, reason: decision.reason })
  return reviseEvent(ctx, { group, calendarEvent, decision, stored })
}

function nothing(kind: GroupResult['kind'], reason: string): Effect {
  return { operations: [], result: { kind, reason, notices: [] } }
}
