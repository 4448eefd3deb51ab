import type { TableItem } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { invitationIdOf } from '../invitation/invitation.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import type { Person } from './person.ts'

/** What a row is to a person, for counts: the names are those of the API. */
export const PERSON_KINDS = [
  'invitations',
  'answers',
  'proposals',
  'reply_addresses',
  'suppressions',
  'received_mails',
  'letters',
  'list_rows',
  'requests',
  'exports',
  'mentions',
  'list_files',
  'event_files',
  'mail_files',
  'sent_copies',
] as const
export type PersonKind = (typeof PERSON_KINDS)[number]

/** Rows of an erasure's own, which know him while it runs. */
export const ERASURES = 'erasure#'
export const EXPORTS = 'export#'

const BY_PREFIX: readonly (readonly [string, PersonKind])[] = [
  ['mail#', 'received_mails'],
  ['forward#', 'letters'],
  ['reports-answer#', 'letters'],
  ['confirm#', 'letters'],
  ['idem#', 'requests'],
  [EXPORTS, 'exports'],
]

/**
 * Whether a row is about a person, by its keys or by what it says; undefined: it is not. Rows of what he organizes are not about him as an
 * attendee: he is not erased while there are any.
 */
export function kindOfRow(ctx: Ctx, person: Person, item: TableItem): PersonKind | undefined {
  const { pk, sk } = item
  if (pk.startsWith(ERASURES)) return undefined
  if (pk.startsWith('event#')) {
    const ownId = invitationIdOf(ctx, pk.slice('event#'.length), person.address)
    if (sk === `inv#${ownId}`) return 'invitations'
    if (sk.startsWith(`ans#${ownId}#`)) return 'answers'
    if (sk.startsWith('prop#') && item.invitationId === ownId) return 'proposals'
  }
  if (!person.isNamedIn(JSON.stringify(item))) return undefined
  if (isOrganizers(person, item)) return undefined
  if (pk.startsWith('reply')) return 'reply_addresses'
  if (pk.startsWith('suppressed#')) return 'suppressions'
  if (pk.startsWith('list#') && sk.startsWith('row#')) return 'list_rows'
  return BY_PREFIX.find(([prefix]) => pk.startsWith(prefix))?.[1] ?? 'mentions'
}

function isOrganizers({ address }: Person, { pk, organizerAddress, attendeeAddress }: TableItem): boolean {
  if (pk.startsWith('organizer-events#') || pk.startsWith('count#')) return true
  if (typeof organizerAddress !== 'string' || normalizeAddress(organizerAddress) !== address) return false
  return typeof attendeeAddress !== 'string' || normalizeAddress(attendeeAddress) !== address
}
