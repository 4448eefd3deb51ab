import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import { applyDecision } from '#shared/itip/apply-decision.ts'
import { decideOrganizer } from '#shared/itip/decide-organizer.ts'
import type { IncomingItip, OrganizerDecision, StoredSeries } from '#shared/itip/decisions.ts'
import { occurrenceQuestion } from '#shared/itip/occurrences.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { tombstoneOperation } from '#tenant-stack/core/calendar-event/uid-owners.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { PendingNotice } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { createEvent } from './create-event.ts'
import { quietEvent, reviseEvent } from './revise-event.ts'
import { type Known, knownOf } from './stored-series.ts'

/** One group of a mail (one METHOD and UID) and who sent it. */
export type IncomingGroup = {
  readonly mailId: string
  readonly recipient: string
  readonly ordinal: number
  readonly incoming: IncomingItip
  readonly who: { readonly address: string; readonly name: string; readonly isForwarded: boolean }
  /** Where UTC times are shown: X-WR-TIMEZONE, else the zone the organizer used last. */
  readonly displayZone: string | undefined
  readonly client: 'google' | 'outlook' | 'apple' | 'yahoo' | 'other'
}

/** What a group came to; stored with its writes, so that a second run of the mail finds it done. */
export const GroupResult = z.object({
  kind: z.enum(['acted', 'ignored', 'quarantined', 'refused']),
  reason: z.string(),
  eventId: z.string().optional(),
  notices: z.array(PendingNotice),
})
export type GroupResult = z.infer<typeof GroupResult>

/** The writes a decision asks for, and what to say of them. */
export type Effect = { readonly operations: readonly WriteOperation[]; readonly result: GroupResult }

/** Somebody else may change the same event meanwhile: decide again on what is stored then, at most so often. */
const TRIES = 6

/** Decides and applies one group in one transaction with the record that it was done. */
export async function applyIncoming(ctx: Ctx, group: IncomingGroup): Promise<GroupResult> {
  const doneKey = { pk: `mail#${group.mailId}`, sk: `done#${group.recipient}#${group.ordinal}` }
  for (let attempt = 1; ; attempt += 1) {
    const done = await ctx.table.get(doneKey)
    if (done !== undefined) return GroupResult.parse(done)
    const { operations, result } = await effectOf(ctx, group)
    try {
      await ctx.table.transact([
        ...operations,
        { kind: 'put', item: { ...doneKey, ...result }, when: { row: 'absent' } },
      ])
      return result
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}

async function effectOf(ctx: Ctx, group: IncomingGroup): Promise<Effect> {
  const known = await knownOf(ctx, group.incoming, group.who)
  const question = occurrenceQuestion(group.incoming, known.stored)
  const answers = question === undefined ? undefined : await ctx.reader.occurs(question)
  if (answers !== undefined && answers.kind !== 'done') return nothing('quarantined', 'recurrence_over_budget')
  const occurs = answers?.value ?? []
  const occurrences = new Map(
    (question?.recurrenceKeys ?? []).map((key, index) => [key, occurs[index] === true] as const),
  )
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
  if (decision.kind === 'create') return createEvent(ctx, { group, decision, stored, replaces: calendarEvent })
  if (decision.kind === 'tombstone' || calendarEvent === undefined) {
    const owner = { clientUid: group.incoming.uid, organizerAddress: group.who.address }
    const reason = decision.kind === 'ignored' ? decision.reason : 'cancelled_before_created'
    return { operations: [tombstoneOperation(ctx, owner, stored)], result: { kind: 'ignored', reason, notices: [] } }
  }
  if (decision.kind === 'ignored') return quietEvent(ctx, { group, calendarEvent, stored, reason: decision.reason })
  return reviseEvent(ctx, { group, calendarEvent, decision, stored })
}

function nothing(kind: GroupResult['kind'], reason: string): Effect {
  return { operations: [], result: { kind, reason, notices: [] } }
}
