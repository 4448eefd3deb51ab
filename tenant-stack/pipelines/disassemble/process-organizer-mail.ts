import type { MailRouted } from '#shared/contracts/notices.ts'
import { resolveFloating } from '#shared/icalendar/zones/resolve-floating.ts'
import { mayAnswer } from '#shared/imip/identity/may-answer.ts'
import type { IncomingItip } from '#shared/itip/decisions.ts'
import { incomingItips } from '#shared/itip/incoming.ts'
import { clip } from '#tenant-stack/core/clip.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { applyIncoming } from '#tenant-stack/core/event-change/apply-incoming.ts'
import type { GroupResult } from '#tenant-stack/core/event-change/incoming-group.ts'
import { decideDelivery, type ReadMail } from '#tenant-stack/core/inbound-mail/decide-delivery.ts'
import type { MailOutcome } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { type Decided, ignored, quarantined } from '#tenant-stack/core/inbound-mail/outcomes.ts'
import { isOwnAddress, normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { whyNotOrganizer } from '#tenant-stack/core/organizer/may-organize.ts'
import { findOrganizer, type Organizer } from '#tenant-stack/core/organizer/organizer.ts'
import { askConfirmation, failedAnswer } from './answers.ts'
import { identityOf } from './identity-of.ts'
import { unreadableReason } from './unreadable-reason.ts'

/** One mail may hold several events; more than this is a feed, not an invitation. */
const EVENTS_PER_MAIL_MAX = 20

/** Pipeline 2: a mail to `create@` becomes an event, an update, a cancel, or a reasoned nothing. */
export async function processOrganizerMail(ctx: Ctx, routed: MailRouted): Promise<MailOutcome | undefined> {
  return decideDelivery(ctx, routed, decideOrganizerMail)
}

async function decideOrganizerMail(ctx: Ctx, read: ReadMail): Promise<Decided> {
  const { mail, authentication, delivery } = read
  if (mail.isReport) return ignored('delivery_report')
  if (mail.calendars.length === 0 && mail.isAutoReply) return ignored('auto_reply')
  const incoming = incomingItips(mail.calendars.map((found) => found.calendar))
  if (incoming.length > 0 && incoming.every(isAttendeeMethod)) return ignored('method_not_for_this_mailbox')
  const from = normalizeAddress(mail.from[0]?.address ?? '')
  const organizer = await findOrganizer(ctx, from)
  const identity = identityOf(ctx, read, { named: incoming[0]?.vevents[0]?.organizer, organizer })
  if (identity.kind === 'refused')
    return identity.reason === 'virus' || identity.reason === 'spam'
      ? quarantined(identity.reason)
      : ignored(identity.reason)
  const answerable = mayAnswer(mail, authentication, {
    answerTo: identity.address,
    isOwnAddress: (address) => isOwnAddress(ctx.settings, address),
  })
  if (identity.kind === 'needs_confirmation') {
    if (incoming.length === 0) return ignored(unreadableReason(mail), 'sender not authenticated')
    // Nobody is asked for his word on what he may not do.
    const why = whyNotOrganizer(ctx.settings, normalizeAddress(identity.address), organizer)
    if (why !== undefined && !incoming.every(({ method }) => method === 'CANCEL')) return ignored(why)
    return askConfirmation(ctx, { delivery, address: identity.address, mayAnswer: answerable.may })
  }
  const failure = { delivery, to: identity.address, mayAnswer: answerable.may }
  if (incoming.length === 0) return failedAnswer(ctx, failure, [unreadableReason(mail)])
  const events = incoming.filter((group) => group.uid !== '' || incoming.length === 1)
  if (events.length > EVENTS_PER_MAIL_MAX) return failedAnswer(ctx, failure, ['too_many_events'])
  if (events.length > 1 && events.some((group) => group.method === 'CANCEL'))
    return failedAnswer(ctx, failure, ['mixed_uids'])
  const who = {
    address: normalizeAddress(identity.address),
    name: nameOf(read, events, identity.address),
    isForwarded: mail.forwardedDepth > 0,
  }
  const known = organizer?.address === who.address ? organizer : await findOrganizer(ctx, who.address)
  const results: GroupResult[] = []
  for (const [ordinal, group] of events.entries()) {
    const { mailId, recipient } = delivery
    const calendar = mail.calendars[0]?.calendar
    results.push(
      await applyIncoming(ctx, {
        mailId,
        recipient,
        ordinal,
        incoming: settle(group, known),
        who,
        client: calendar?.client ?? 'other',
        displayZone: calendar?.wrTimezone ?? known?.zone,
      }),
    )
  }
  return summarise(ctx, failure, results)
}

function isAttendeeMethod(incoming: IncomingItip): boolean {
  const { method } = incoming
  return method === 'REPLY' || method === 'COUNTER' || method === 'REFRESH' || method === 'DECLINECOUNTER'
}

/** The organizer's display name: the calendar's CN when it names the same person, else the mail's, else the local part. */
function nameOf(read: ReadMail, events: readonly IncomingItip[], address: string): string {
  const own = events.flatMap((group) => group.vevents).find((vevent) => vevent.organizer?.address === address)
  const name = own?.organizer?.name ?? read.mail.from[0]?.name ?? ''
  return name.trim() === '' ? address.slice(0, address.lastIndexOf('@')) : clip(name.trim(), 200)
}

/** Floating times are read in the zone the organizer used last; without one they stay floating, flagged. */
function settle(group: IncomingItip, organizer: Organizer | undefined): IncomingItip {
  const zone = organizer?.zone
  if (zone === undefined) return group
  return { ...group, vevents: group.vevents.map((vevent) => resolveFloating(vevent, zone)) }
}

type Failing = Parameters<typeof failedAnswer>[1]

async function summarise(ctx: Ctx, failure: Failing, results: readonly GroupResult[]): Promise<Decided> {
  const acted = results.filter((result) => result.kind === 'acted')
  const refused = results.filter((result) => result.kind === 'refused')
  const failed =
    refused.length === 0
      ? undefined
      : await failedAnswer(
          ctx,
          failure,
          refused.map((result) => result.reason),
        )
  const leading = acted[0] ?? refused[0] ?? results[0]
  if (leading === undefined) return ignored('not_a_calendar')
  const tellsCreated = failure.mayAnswer && acted.some((result) => result.reason === 'created')
  const others = results.filter((result) => result !== leading).map((result) => result.reason)
  return {
    outcome: {
      kind: leading.kind === 'refused' ? 'ignored' : leading.kind,
      reason: leading.reason,
      answer: tellsCreated ? 'created_mail' : (failed?.outcome.answer ?? 'nothing'),
      eventIds: results.flatMap((result) => (result.eventId === undefined ? [] : [result.eventId])),
      ...(others.length === 0 ? {} : { detail: `also: ${others.join(', ')}` }),
    },
    notices: [
      ...results
        .flatMap((result) => result.notices.flatMap(asNotice))
        // List mail and the like may make an event, yet nothing is mailed because of it (RFC 3834 §2).
        .filter((notice) => failure.mayAnswer || notice.topicName !== 'event-created'),
      ...(failed?.notices ?? []),
    ],
  }
}

function asNotice(notice: { readonly topicName: string; readonly body: string }): Decided['notices'] {
  switch (notice.topicName) {
    case 'event-created':
    case 'event-updated':
    case 'event-cancelled':
    case 'webhook-due':
      return [{ topicName: notice.topicName, body: notice.body }]
    default:
      return []
  }
}
