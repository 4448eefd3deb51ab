import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'

export const SuppressionReason = z.enum(['hard_bounce', 'complaint', 'unsubscribe', 'manual'])
export type SuppressionReason = z.infer<typeof SuppressionReason>

/**
 * An address that is sent nothing any more: by the whole domain, or in the name of one organizer. It holds for invites, updates and cancels
 * alike, because whoever wants no mail, or has no mailbox, wants none of these.
 */
export const Suppression = z.object({
  suppressionId: z.string(),
  address: z.string(),
  /** Absent: the whole domain. */
  organizerAddress: z.string().optional(),
  reason: SuppressionReason,
  /** He has unsubscribed too: that stays so under another reason, and to take it back does not take the other reason back. */
  isAlsoUnsubscribed: z.boolean().optional(),
  /** Who said so: a page, a mail, the feedback of the mail service, the API. */
  source: z.enum(['page', 'mail', 'feedback', 'api']),
  detail: z.string().optional(),
  createdAt: z.number(),
})
export type Suppression = z.infer<typeof Suppression>

export const SuppressionFailure = defineFailures('suppression', {
  not_found: { status: 404, retry: false },
  bad_address: { status: 422, retry: false },
})

/** Listing of all, oldest first. */
export const SUPPRESSIONS = 'suppressions'

/** Hexadecimal digits of a hash that name an address: 160 bits. */
const HASH_DIGITS = 40
const ID = /^sup_([0-9a-f]{40})(?:_([0-9a-f]{40}))?$/
const DOMAIN = 'domain'

export type Suppressed = { readonly address: string; readonly organizerAddress?: string | undefined }

/** The same address and scope give the same id. */
export function suppressionIdOf(ctx: Pick<Ctx, 'sha256'>, { address, organizerAddress }: Suppressed): string {
  const hash = (text: string) => ctx.sha256(normalizeAddress(text)).slice(0, HASH_DIGITS)
  return `sup_${hash(address)}${organizerAddress === undefined ? '' : `_${hash(organizerAddress)}`}`
}

/** Undefined for what is no id of a suppression. */
export function suppressionKey(suppressionId: string): TableKey | undefined {
  const [, address, organizer] = ID.exec(suppressionId) ?? []
  return address === undefined ? undefined : { pk: `suppressed#${address}`, sk: organizer ?? DOMAIN }
}
