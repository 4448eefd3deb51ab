import { type CalendarEvent, resetSequenceOf } from '../calendar-event/calendar-event.ts'
import type { Ctx } from '../context.ts'
import { answerWord } from '../invitation/answer-word.ts'
import { currentPartstat, type Invitation } from '../invitation/invitation.ts'
import { listInvitations } from '../invitation/invitation-store.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { delegatorsOf } from '../reply/delegations.ts'
import type { Suppression } from '../suppression/suppression.ts'
import { suppressionsOf } from '../suppression/suppressions-of.ts'
import { BYTE_ORDER_MARK, csvRecord } from './csv.ts'

/** Rows of the table that are held at once. */
const PAGE_ROWS = 500

/** Addresses asked for together: each is two keys of the hundred that one read may name. */
const ADDRESSES_A_READ = 50

type Row = {
  readonly calendarEvent: CalendarEvent
  readonly invitation: Invitation
  readonly delegators: readonly string[]
  readonly suppression: Suppression | undefined
}

const columns: readonly (readonly [title: string, value: (row: Row) => string])[] = [
  ['Email', ({ invitation }) => invitation.address],
  ['Name', ({ invitation }) => invitation.name ?? ''],
  ['Answer', ({ invitation, calendarEvent }) => answerWord(currentPartstat(invitation, calendarEvent))],
  ['Answered at', (row) => (hasAnswered(row) ? isoOf(row.invitation.answeredAt) : '')],
  ['Answered by', (row) => (hasAnswered(row) ? otherThan(row.invitation.address, row.invitation.answeredBy) : '')],
  ['Comment', (row) => (hasAnswered(row) ? (row.invitation.comment ?? '') : '')],
  ['Single dates', singleDates],
  ['Delegated to', ({ invitation }) => (invitation.delegatedTo ?? []).join(', ')],
  ['Delegated from', ({ delegators }) => delegators.join(', ')],
  ['Channel', ({ invitation }) => invitation.channel],
  ['Calendar client', ({ invitation }) => invitation.replyClient ?? ''],
  ['Invited at', ({ invitation }) => isoOf(invitation.createdAt)],
  ['Invitation', ({ invitation }) => invitation.sentState],
  ['Delivery', ({ invitation }) => invitation.deliveryState ?? ''],
  // -1: nothing was sent yet.
  [
    'Last SEQUENCE sent',
    ({ invitation }) => (invitation.completeSequence < 0 ? '' : String(invitation.completeSequence)),
  ],
  ['No more mail because', ({ suppression }) => noMoreMail(suppression)],
]

/**
 * An event's attendees as CSV, unmasked: for its own organizer, or a key that may see addresses. In the order of invitation ids, a page of the
 * table at a time, so that memory is the same for ten attendees and for a million. The byte order mark and the titles come first.
 */
export async function* reportCsv(ctx: Ctx, calendarEvent: CalendarEvent): AsyncGenerator<string> {
  yield reportHead()
  let cursor: string | undefined
  do {
    const page = await reportPage(ctx, calendarEvent, { limit: PAGE_ROWS, cursor })
    if (page.csv !== '') yield page.csv
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** What a file begins with. */
export function reportHead(): string {
  return BYTE_ORDER_MARK + csvRecord(columns.map(([title]) => title))
}

/** Some records, and where the next ones begin. `limit` is 1 to 1000. */
export async function reportPage(
  ctx: Ctx,
  calendarEvent: CalendarEvent,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ readonly csv: string; readonly cursor?: string }> {
  const { eventId } = calendarEvent
  const page = await listInvitations(ctx, { eventId, limit, ...(cursor === undefined ? {} : { cursor }) })
  const { invitations } = page
  const [delegators, suppressions] = await Promise.all([
    delegatorsOf(ctx, { eventId, invitations }),
    suppressed(ctx, calendarEvent, invitations),
  ])
  const records = invitations.map((invitation) => {
    const row: Row = {
      calendarEvent,
      invitation,
      delegators: delegators.get(invitation.invitationId) ?? [],
      suppression: suppressions.get(normalizeAddress(invitation.address)),
    }
    return csvRecord(columns.map(([, value]) => value(row)))
  })
  return { csv: records.join(''), ...(page.cursor === undefined ? {} : { cursor: page.cursor }) }
}

async function suppressed(
  ctx: Ctx,
  { organizerAddress }: CalendarEvent,
  invitations: readonly Invitation[],
): Promise<ReadonlyMap<string, Suppression>> {
  const reads: Promise<ReadonlyMap<string, Suppression>>[] = []
  for (let at = 0; at < invitations.length; at += ADDRESSES_A_READ) {
    const addresses = invitations.slice(at, at + ADDRESSES_A_READ).map(({ address }) => address)
    reads.push(suppressionsOf(ctx, { organizerAddress, addresses }))
  }
  return new Map((await Promise.all(reads)).flatMap((found) => [...found]))
}

/** What was said of an older time counts no more, and neither do its words. */
function hasAnswered({ invitation, calendarEvent }: Row): boolean {
  return currentPartstat(invitation, calendarEvent) !== 'NEEDS-ACTION'
}

function otherThan(address: string, answeredBy: string | undefined): string {
  return answeredBy === undefined || normalizeAddress(answeredBy) === normalizeAddress(address) ? '' : answeredBy
}

function singleDates({ invitation, calendarEvent }: Row): string {
  return Object.entries(invitation.instanceAnswers)
    .filter(([key, { sequence }]) => sequence >= resetSequenceOf(calendarEvent, key))
    .map(([key, { partstat }]) => `${key} ${answerWord(partstat)}`)
    .toSorted()
    .join(', ')
}

function noMoreMail(suppression: Suppression | undefined): string {
  if (suppression === undefined) return ''
  const { reason, isAlsoUnsubscribed } = suppression
  return isAlsoUnsubscribed === true ? `${reason}, unsubscribe` : reason
}

function isoOf(epochMs: number | undefined): string {
  return epochMs === undefined ? '' : new Date(epochMs).toISOString()
}
