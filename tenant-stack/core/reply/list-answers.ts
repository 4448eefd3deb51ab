import * as z from 'zod'
import { CalendarTimeRow } from '../calendar-event/calendar-event.ts'
import type { Ctx } from '../context.ts'
import { InvitationFailure, Partstat } from '../invitation/invitation.ts'
import { findInvitation } from '../invitation/invitation-store.ts'

/** A row of an attendee's history, as `writeReplies` makes it. */
const AnswerRow = z.object({
  kind: z.enum(['answer', 'answered_older_time', 'proposal', 'refresh']),
  channel: z.enum(['mail', 'page']).default('mail'),
  receivedAt: z.number(),
  mailId: z.string().optional(),
  partstat: Partstat.optional(),
  sequence: z.number().optional(),
  recurrenceKey: z.string().optional(),
  answeredBy: z
    .object({
      address: z.string(),
      relation: z.enum(['self', 'alias_or_forward', 'sent_by', 'delegate', 'someone_else']),
    })
    .optional(),
  delegatedTo: z.array(z.string()).optional(),
  comment: z.string().optional(),
  note: z.string().optional(),
  dtstart: CalendarTimeRow.optional(),
  dtend: CalendarTimeRow.optional(),
})
export type AnswerRow = z.infer<typeof AnswerRow>

/** One page of what an attendee has said, oldest first. Throws `invitation.not_found`. */
export async function listAnswers(
  ctx: Ctx,
  query: { readonly eventId: string; readonly invitationId: string; readonly limit: number; readonly cursor?: string },
): Promise<{ readonly answers: readonly AnswerRow[]; readonly cursor?: string }> {
  const { eventId, invitationId, limit, cursor } = query
  if ((await findInvitation(ctx, eventId, invitationId)) === undefined)
    throw InvitationFailure.not_found('There is no such attendee of this event.')
  const page = await ctx.table.query({
    pk: `event#${eventId}`,
    sk: { beginsWith: `ans#${invitationId}#` },
    limit,
    ...(cursor === undefined ? {} : { cursor }),
  })
  return {
    answers: page.items.map((item) => AnswerRow.parse(item)),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  }
}
