import * as z from 'zod'
import type { IncomingItip } from '#shared/itip/decisions.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { PendingNotice } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'

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
