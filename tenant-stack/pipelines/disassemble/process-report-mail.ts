import type { MailRouted } from '#shared/contracts/notices.ts'
import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import { mayAnswer } from '#shared/imip/identity/may-answer.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { clip } from '#tenant-stack/core/clip.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { dayQuota } from '#tenant-stack/core/day-quota.ts'
import { decideDelivery, type ReadMail } from '#tenant-stack/core/inbound-mail/decide-delivery.ts'
import type { MailOutcome } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { type Decided, ignored, quarantined } from '#tenant-stack/core/inbound-mail/outcomes.ts'
import { isOwnAddress, normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { findOrganizer } from '#tenant-stack/core/organizer/organizer.ts'
import { askedEvents } from '#tenant-stack/core/report/asked-events.ts'
import { type PlannedReport, planReport } from '#tenant-stack/core/report/report.ts'
import { planReportAnswer } from '#tenant-stack/core/report/report-answer.ts'
import { askConfirmation } from './answers.ts'
import { identityOf } from './identity-of.ts'

/** Mails of one sender to `reports@` that are answered on one UTC day: a person who tries again, too few for a loop. */
export const MAILS_PER_SENDER_MAX = 20

/** Of events that fit one mail: as many reports are sent, the others are listed. */
const REPORTS_PER_MAIL_MAX = 5
const LISTED_MAX = 20

const SUBJECT_CHARS_MAX = 300

type Planned = Decided & { readonly operations?: readonly WriteOperation[] }

/** A mail to `reports@` gets the reports of the events that it names, if they are its sender's, or an answer in words. */
export async function processReportMail(ctx: Ctx, routed: MailRouted): Promise<MailOutcome | undefined> {
  return decideDelivery(ctx, routed, decideReportMail)
}

async function decideReportMail(ctx: Ctx, read: ReadMail): Promise<Planned> {
  const { mail, authentication, delivery } = read
  if (mail.isReport) return ignored('delivery_report')
  if (mail.isAutoReply) return ignored('auto_reply')
  // An invite that names reports@ among its guests; what answers our own mails, or sends them on, may hold a REPLY.
  if (mail.calendars.some(({ calendar }) => calendar.method !== 'REPLY')) return ignored('method_not_for_this_mailbox')
  const from = normalizeAddress(mail.from[0]?.address ?? '')
  const identity = identityOf(ctx, read, { named: undefined, organizer: await findOrganizer(ctx, from) })
  if (identity.kind === 'refused')
    return identity.reason === 'virus' || identity.reason === 'spam'
      ? quarantined(identity.reason)
      : ignored(identity.reason)
  const address = normalizeAddress(identity.address)
  const answerable = mayAnswer(mail, authentication, {
    answerTo: address,
    isOwnAddress: (one) => isOwnAddress(ctx.settings, one),
  })
  const events = await askedEvents(ctx, address, askedOf(mail))
  // Only who has such an event is asked for his word: a forged mail makes us write to nobody else.
  if (identity.kind === 'needs_confirmation')
    return askConfirmation(ctx, { delivery, address, mayAnswer: answerable.may && events.length > 0 })
  // All that comes of such a mail is an answer.
  if (!answerable.may) return ignored(answerable.reason)
  return answered(ctx, read, { address, events })
}

function askedOf({ subject = '', text = '', html = '' }: DisassembledMail) {
  return { subject: clip(subject, SUBJECT_CHARS_MAX), bodies: [text, html] }
}

async function answered(
  ctx: Ctx,
  { delivery, mail }: ReadMail,
  { address, events }: { readonly address: string; readonly events: readonly CalendarEvent[] },
): Promise<Planned> {
  const quota = await dayQuota(ctx, { name: `reports-asked#${ctx.sha256(address)}`, max: MAILS_PER_SENDER_MAX })
  if (quota === undefined) return ignored('too_many_requests')
  const { mailId, recipient } = delivery
  const of = { mailId, recipient }
  const reports: PlannedReport[] = []
  for (const { eventId } of events.slice(0, REPORTS_PER_MAIL_MAX)) {
    const planned = await planReport(ctx, { eventId, name: `mail\n${mailId}\n${recipient}`, of })
    if (planned !== undefined) reports.push(planned)
  }
  if (events.length > 0 && reports.length === 0) return ignored('too_many_requests')
  const others = events.slice(REPORTS_PER_MAIL_MAX).map(({ eventId }) => eventId)
  const inWords =
    events.length > 0 && others.length === 0
      ? undefined
      : planReportAnswer(ctx, {
          ...of,
          to: address,
          asked: askedOf(mail).subject,
          eventIds: others.slice(0, LISTED_MAX),
          moreCount: Math.max(others.length - LISTED_MAX, 0),
        })
  return {
    outcome: {
      kind: events.length === 0 ? 'ignored' : 'acted',
      reason: events.length === 0 ? 'no_such_event' : 'report_planned',
      answer: events.length === 0 ? 'failed_mail' : 'report_mail',
      eventIds: reports.map(({ due }) => due.eventId),
    },
    notices: [
      ...reports.map(({ due }) => ({ topicName: 'report-due' as const, body: JSON.stringify(due) })),
      ...(inWords === undefined
        ? []
        : [{ topicName: 'notice-due' as const, body: JSON.stringify({ noticeId: inWords.noticeId }) }]),
    ],
    operations: [quota, ...reports.flatMap(({ operations }) => operations), ...(inWords?.operations ?? [])],
  }
}
