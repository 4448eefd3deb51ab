import * as z from 'zod'
import type { IncomingItip } from '#shared/itip/decisions.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import type { Audience } from '../context.ts'
import { PendingNotice } from '../inbound-mail/inbound-mail.ts'

/** One group of a mail (one METHOD and UID) and who sent it; a change by API is one too, its name stands for the mail's. */
export type IncomingGroup = {
  readonly mailId: string
  readonly recipient: string
  readonly ordinal: number
  readonly incoming: IncomingItip
  readonly who: { readonly address: string; readonly name: string; readonly isForwarded: boolean }
  /** Where UTC times are shown: X-WR-TIMEZONE, else the zone the organizer used last. */
  readonly displayZone: string | undefined
  readonly client: CalendarEvent['client']
  /** The id of the event that this group creates; absent: one is minted. */
  readonly eventId?: string
  /** Where the content lies that this group was made from; it counts for no other. */
  readonly basedOn?: string
  /** Who hears of changes from now on; null: whom the domain's setting names. */
  readonly audience?: Audience | null
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
