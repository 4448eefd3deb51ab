import { CalendarEventFailure } from '../calendar-event/calendar-event.ts'
import { getEvent, NO_SUCH_EVENT } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { NO_SUCH_ORGANIZER, OrganizerFailure } from '../organizer/organizer.ts'
import { ProposalFailure } from '../proposal/proposal.ts'
import { getProposal, NO_SUCH_PROPOSAL } from '../proposal/proposal-store.ts'
import { getList, NO_SUCH_LIST } from '../recipient-list/list-store.ts'
import { ListFailure } from '../recipient-list/recipient-list.ts'

/** What a request names, by the parameters of its path. */
export type Named = {
  readonly eventId?: string | undefined
  readonly listId?: string | undefined
  readonly proposalId?: string | undefined
  readonly email?: string | undefined
}

/**
 * Whether what a request names is this organizer's; what is not, and what does not exist, is refused in the same words (`event.not_found` and the like), and
 * before anything else of the request is looked at. `names_nothing`: the path names none of these.
 */
export async function assertOwn(ctx: Ctx, organizer: string, named: Named): Promise<'own' | 'names_nothing'> {
  const { eventId, listId, proposalId, email } = named
  if (eventId !== undefined && !(await isOwnEvent(ctx, organizer, eventId)))
    throw CalendarEventFailure.not_found(NO_SUCH_EVENT)
  if (listId !== undefined && !(await isOwnEvent(ctx, organizer, (await getList(ctx, listId)).eventId)))
    throw ListFailure.not_found(NO_SUCH_LIST)
  if (proposalId !== undefined && !(await isOwnEvent(ctx, organizer, (await getProposal(ctx, proposalId)).eventId)))
    throw ProposalFailure.not_found(NO_SUCH_PROPOSAL)
  if (email !== undefined && normalizeAddress(email) !== organizer) throw OrganizerFailure.not_found(NO_SUCH_ORGANIZER)
  const isNamed = [eventId, listId, proposalId, email].some((one) => one !== undefined)
  return isNamed ? 'own' : 'names_nothing'
}

async function isOwnEvent(ctx: Ctx, organizer: string, eventId: string): Promise<boolean> {
  return (await getEvent(ctx, eventId)).organizerAddress === organizer
}
