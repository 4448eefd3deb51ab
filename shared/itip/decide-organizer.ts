import { componentsOf } from './components.ts'
import { decideCancel } from './decide-cancel.ts'
import { decideRequest } from './decide-request.ts'
import type { DecisionInput } from './decision-input.ts'
import type { IncomingItip, OrganizerDecision, OrganizerRefused, StoredSeries, Who } from './decisions.ts'
import type { Occurrences } from './occurrences.ts'

export type OrganizerInput = {
  readonly incoming: IncomingItip
  /** What is stored for this UID under the sender's address, else under the mail's ORGANIZER; see `storedSeriesKeys`. */
  readonly stored: StoredSeries | undefined
  /** The authenticated sender: an unauthenticated mail must not come here. */
  readonly who: Who
  /** The answers to `occurrenceQuestion`. */
  readonly occurrences: Occurrences
}

/**
 * What an organizer's mail does to what is stored (RFC 5546 §3.2; §2.1.5 for the order of mails). Pure; `applyDecision` makes the
 * new stored series. No METHOD and PUBLISH count as REQUEST, and the owner is the authenticated sender, never the ORGANIZER line.
 */
export function decideOrganizer({ incoming, stored, who, occurrences }: OrganizerInput): OrganizerDecision {
  const { method } = incoming
  if (method === 'REPLY' || method === 'COUNTER' || method === 'REFRESH' || method === 'DECLINECOUNTER') {
    return { kind: 'ignored', reason: 'method_not_for_this_mailbox' }
  }
  // Before any refusal: a stranger who guesses a UID learns nothing of it, and no failure mail goes his way.
  if (stored !== undefined && !isSameAddress(stored.organizerAddress, who.address)) {
    return { kind: 'ignored', reason: 'not_the_organizer' }
  }
  const refused = refusal(incoming)
  if (refused !== undefined) return { kind: 'refused', reason: refused }
  const components = componentsOf(incoming, stored)
  const input: DecisionInput = { components, uid: incoming.uid, stored, occurrences, method }
  const isWholeCancel = components.master !== undefined && components.master.status === 'CANCELLED'
  return method === 'CANCEL' || isWholeCancel ? decideCancel(input) : decideRequest(input)
}

/**
 * Where to look for the stored series, in this order: a UID belongs to the one who sent it, so nobody can occupy or bury another's;
 * under the mail's own ORGANIZER only to recognise a stranger (or attendee) who writes about somebody's event.
 */
export function storedSeriesKeys(
  incoming: IncomingItip,
  who: Who,
): readonly { readonly uid: string; readonly organizerAddress: string }[] {
  const named = incoming.vevents.map((vevent) => vevent.organizer?.address.toLowerCase() ?? '')
  const addresses = new Set([who.address.toLowerCase(), ...named.filter((address) => address !== '')])
  return [...addresses].map((organizerAddress) => ({ uid: incoming.uid, organizerAddress }))
}

function refusal({ vevents, uid, otherComponents }: IncomingItip): OrganizerRefused | undefined {
  if (vevents.length === 0) return (otherComponents ?? []).length > 0 ? 'events_only' : 'no_event'
  if (vevents.some((vevent) => vevent.uid !== uid)) return 'mixed_uids'
  return vevents.some((vevent) => vevent.isThisAndFuture) ? 'range_this_and_future' : undefined
}

function isSameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
