import { inboundBlobKey, type MailRouted } from '#shared/contracts/notices.ts'
import type { AttachedList, DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import { mayAnswer } from '#shared/imip/identity/may-answer.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { decideDelivery, ReadFailure, type ReadMail } from '#tenant-stack/core/inbound-mail/decide-delivery.ts'
import type { InboundDelivery, MailOutcome } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { type Decided, ignored, quarantined } from '#tenant-stack/core/inbound-mail/outcomes.ts'
import { isOwnAddress, normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { whyNotStored } from '#tenant-stack/core/organizer/may-organize.ts'
import { findOrganizer } from '#tenant-stack/core/organizer/organizer.ts'
import { isEmptyList, mailedListId, newList, newListOperations } from '#tenant-stack/core/recipient-list/new-list.ts'
import { listBlobKey, type RecipientList } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { askConfirmation, failedAnswer } from './answers.ts'
import { eventOfList, type NoEvent } from './event-of-list.ts'
import { identityOf } from './identity-of.ts'

type DecidedList = Decided & { readonly operations?: readonly WriteOperation[] }

/** Pipeline 5 by mail: files mailed to `lists@` become lists of one event, each checked and then confirmed by its organizer; nothing is sent before. */
export async function processListMail(ctx: Ctx, routed: MailRouted): Promise<MailOutcome | undefined> {
  return decideDelivery(ctx, routed, decideListMail)
}

async function decideListMail(ctx: Ctx, read: ReadMail): Promise<DecidedList> {
  const { mail, authentication, delivery } = read
  if (mail.isReport) return ignored('delivery_report')
  if (mail.isAutoReply) return ignored('auto_reply')
  const organizer = await findOrganizer(ctx, normalizeAddress(mail.from[0]?.address ?? ''))
  const identity = identityOf(ctx, read, { named: undefined, organizer })
  if (identity.kind === 'refused')
    return identity.reason === 'virus' || identity.reason === 'spam'
      ? quarantined(identity.reason)
      : ignored(identity.reason)
  const answerable = mayAnswer(mail, authentication, {
    answerTo: identity.address,
    isOwnAddress: (address) => isOwnAddress(ctx.settings, address),
  })
  // A list that nobody can be asked about would wait for ever.
  if (!answerable.may) return ignored(answerable.reason)
  const attached = await attachedTo(ctx, delivery)
  if (identity.kind === 'needs_confirmation') {
    // Whoever has no event here is asked nothing: his address may be anybody's whom somebody else has put there.
    const isAsked = organizer !== undefined && attached.length > 0
    return isAsked
      ? askConfirmation(ctx, { delivery, address: identity.address, mayAnswer: true })
      : ignored('sender_not_authenticated')
  }
  const failure = { delivery, to: identity.address, mayAnswer: true }
  if (attached.length === 0) return failedAnswer(ctx, failure, [nothingReason(mail)])
  const found = await eventOfList(ctx, mail, normalizeAddress(identity.address))
  if ('reason' in found) return eventFailed(ctx, failure, found.reason)
  const why = await whyNotStored(ctx, normalizeAddress(identity.address))
  if (why !== undefined) return failedAnswer(ctx, failure, [why])
  return takeLists(ctx, { failure, attached, calendarEvent: found.calendarEvent })
}

/** Who has not made an event is not told that it is there: only our log says so. */
async function eventFailed(ctx: Ctx, failure: Taking['failure'], reason: NoEvent): Promise<Decided> {
  if (reason !== 'list_not_organizer') return failedAnswer(ctx, failure, [reason])
  const told = await failedAnswer(ctx, failure, ['list_no_event'])
  return { ...told, outcome: { ...told.outcome, reason } }
}

async function attachedTo(ctx: Ctx, { mailId }: InboundDelivery): Promise<readonly AttachedList[]> {
  const read = await ctx.reader.attachedLists(await ctx.blobs.get(inboundBlobKey(mailId)))
  // The same bytes were read within the budget a moment ago: what is short is the machine, not the mail.
  if (read.kind !== 'done') throw ReadFailure.not_yet('The lists of the mail could not be read within the budget.')
  return read.value
}

/** Why a mail brings no list: what is attached instead tells it best. */
function nothingReason({ attachments }: DisassembledMail): string {
  const isSpreadsheet = attachments.some(({ filename = '' }) => /\.(?:xlsx?|ods|numbers)$/i.test(filename))
  return isSpreadsheet ? 'list_spreadsheet' : 'list_no_file'
}

type Taking = {
  readonly failure: Parameters<typeof failedAnswer>[1]
  readonly attached: readonly AttachedList[]
  readonly calendarEvent: CalendarEvent
}

/** Files first, then their rows with the mail's outcome: read again, the mail makes the same lists. */
async function takeLists(ctx: Ctx, { failure, attached, calendarEvent }: Taking): Promise<DecidedList> {
  const taken: RecipientList[] = []
  const wrong: { readonly reason: string; readonly fileName?: string }[] = []
  for (const [ordinal, { fileName, base64 }] of attached.entries()) {
    const named = fileName === undefined ? {} : { fileName }
    const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64')
    if (bytes === undefined) wrong.push({ reason: 'list_too_large', ...named })
    else if (isEmptyList(bytes)) wrong.push({ reason: 'list_empty', ...named })
    else taken.push(await keep(ctx, { ...failure, calendarEvent, ordinal, bytes, ...named }))
  }
  const failed =
    wrong.length === 0
      ? undefined
      : await failedAnswer(
          ctx,
          failure,
          wrong.map(({ reason }) => reason),
          wrong[0]?.fileName,
        )
  if (taken.length === 0) return failed ?? ignored('list_no_file')
  return {
    outcome: {
      kind: 'acted',
      reason: 'list_taken',
      answer: 'list_mail',
      eventIds: [calendarEvent.eventId],
      detail: [...taken.map(({ listId }) => listId), ...wrong.map(({ reason }) => reason)].join(', '),
    },
    notices: [
      ...taken.map(({ listId }) => ({ topicName: 'list-due', body: JSON.stringify({ listId }) }) as const),
      ...(failed?.notices ?? []),
    ],
    operations: taken.flatMap((list) => newListOperations(ctx, list)),
  }
}

async function keep(
  ctx: Ctx,
  file: {
    readonly delivery: InboundDelivery
    readonly calendarEvent: CalendarEvent
    readonly ordinal: number
    readonly bytes: Uint8Array
    readonly fileName?: string
  },
): Promise<RecipientList> {
  const { mailId, recipient, receivedAt } = file.delivery
  const listId = mailedListId(ctx, { mailId, recipient, ordinal: file.ordinal, receivedAt })
  await ctx.blobs.put(listBlobKey(listId), file.bytes)
  return newList(ctx, {
    listId,
    eventId: file.calendarEvent.eventId,
    sizeBytes: file.bytes.length,
    fromMail: { mailId, recipient },
    ...(file.fileName === undefined ? {} : { fileName: file.fileName }),
  })
}
