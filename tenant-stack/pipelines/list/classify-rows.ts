import type { Ctx } from '#tenant-stack/core/context.ts'
import { type Invitation, invitationIdOf } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { isOwnAddress, normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { leftByCancelledLists } from '#tenant-stack/core/recipient-list/left-people.ts'
import type { ListRow } from '#tenant-stack/core/recipient-list/read-list.ts'
import type { ListRowReason, RefusedRow } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { suppressionsOf } from '#tenant-stack/core/suppression/suppressions-of.ts'

/** Somebody who is to be sent an invitation. */
export type Person = {
  readonly row: number
  readonly line: number
  readonly address: string
  readonly name?: string
  /** Planned by a list that was cancelled before he was known to be sent anything. */
  readonly unsent?: Invitation
}

/** A row and whether its address was in the list before. */
export type WalkedRow = { readonly row: ListRow; readonly isDuplicate: boolean }

export type Classified = { readonly people: readonly Person[]; readonly refused: readonly RefusedRow[] }

/** Who of some lines is to be invited, and why the others are not, as things stand now. At most 100 lines. */
export async function classifyRows(
  ctx: Ctx,
  event: { readonly eventId: string; readonly organizerAddress: string },
  walked: readonly WalkedRow[],
): Promise<Classified> {
  const people: Person[] = []
  const refused: RefusedRow[] = []
  for (const { row, isDuplicate } of walked)
    if ('reason' in row) refused.push(row)
    else if (isDuplicate) refused.push(refusedOf(row, 'duplicate'))
    else if (isOwnAddress(ctx.settings, row.address)) refused.push(refusedOf(row, 'own_domain'))
    else people.push(row)
  const ids = people.map(({ address }) => invitationIdOf(ctx, event.eventId, normalizeAddress(address)))
  const invited = ids.length === 0 ? new Map<string, Invitation>() : await findInvitations(ctx, event.eventId, ids)
  const left = await leftByCancelledLists(ctx, [...invited.values()])
  const suppressed = await suppressionsOf(ctx, { ...event, addresses: people.map(({ address }) => address) })
  const wanted: Person[] = []
  for (const [index, person] of people.entries()) {
    const known = invited.get(ids[index] ?? '')
    if (known !== undefined && !left.has(known)) refused.push(refusedOf(person, 'already_invited'))
    else if (suppressed.has(normalizeAddress(person.address))) refused.push(refusedOf(person, 'suppressed'))
    else wanted.push(known === undefined ? person : { ...person, unsent: known })
  }
  return { people: wanted, refused }
}

export function refusedOf(
  { row, line, address }: { readonly row: number; readonly line: number; readonly address: string },
  reason: ListRowReason,
): RefusedRow {
  return { row, line, reason, text: address }
}
