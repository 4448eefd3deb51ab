import type * as z from 'zod'
import type { AttendeeView, EventView, InvitationView, ReceivedMailView, TimeView } from '#shared/contracts/api.ts'
import type { CalendarTime } from '#shared/icalendar/model.ts'
import { type CalendarEvent, resetSequenceOf } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import type { StoredContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { InboundDelivery } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { answerWord } from '#tenant-stack/core/invitation/answer-word.ts'
import { currentPartstat, type Invitation } from '#tenant-stack/core/invitation/invitation.ts'
import { leadingVevent } from '#tenant-stack/core/invite-mail/invite-texts.ts'
import { maskAddress } from '#tenant-stack/core/mailbox/mask-address.ts'

export function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

export function timeView(time: CalendarTime): z.infer<typeof TimeView> {
  switch (time.kind) {
    case 'date':
      return { date: time.date }
    case 'utc':
      return { instant: time.instant, time_zone: 'UTC' }
    case 'zoned':
      return { instant: time.instant, local: time.local, time_zone: time.tzid }
    case 'floating':
      return { local: time.local }
  }
}

/** An event as the API shows it: its row and what its stored series says. */
export function eventView(ctx: Ctx, calendarEvent: CalendarEvent, content: StoredContent): z.infer<typeof EventView> {
  const { series } = content.stored
  const vevent = leadingVevent(content)
  const self = `${ctx.settings.apiUrl}/events/${calendarEvent.eventId}`
  return {
    id: calendarEvent.eventId,
    uid: calendarEvent.uid,
    subject: calendarEvent.subject,
    start: timeView(calendarEvent.dtstart),
    end: timeView(calendarEvent.dtend),
    is_all_day: calendarEvent.isAllDay,
    recurrence: {
      rules: [...calendarEvent.rrules],
      additional_dates: (vevent?.recurrence?.rdates ?? []).map(timeView),
      excluded_dates: [
        ...(vevent?.recurrence?.exdates ?? []),
        ...series.cancelled.map((cancelled) => cancelled.recurrenceId),
      ].map(timeView),
      changed_instances: series.overrides.flatMap((override) =>
        override.recurrenceId === undefined
          ? []
          : [
              {
                recurrence_id: timeView(override.recurrenceId),
                start: timeView(override.dtstart),
                end: timeView(override.dtend),
                subject: override.summary,
              },
            ],
      ),
    },
    ...(calendarEvent.location === '' ? {} : { location: calendarEvent.location }),
    body: {
      text: vevent?.description ?? '',
      ...(vevent?.descriptionHtml === undefined ? {} : { html: vevent.descriptionHtml }),
    },
    organizer: { email: calendarEvent.organizerAddress, name: calendarEvent.organizerName },
    status: calendarEvent.status,
    sequence: calendarEvent.sequence,
    ...(calendarEvent.audience === undefined ? {} : { audience: calendarEvent.audience }),
    client: calendarEvent.client,
    warnings: [...calendarEvent.warnings],
    other_attendees: calendarEvent.otherAttendeeCount,
    created_at: isoOf(calendarEvent.createdAt),
    updated_at: isoOf(calendarEvent.updatedAt),
    links: {
      self,
      statistics: `${self}/statistics`,
      attendees: `${self}/attendees`,
      invitations: `${self}/invitations`,
      reports: `${self}/reports`,
      calendar: `${self}/calendar.ics`,
    },
  }
}

export function invitationView(calendarEvent: CalendarEvent, invitation: Invitation): z.infer<typeof InvitationView> {
  return {
    id: invitation.invitationId,
    event_id: invitation.eventId,
    email: invitation.address,
    ...(invitation.name === undefined ? {} : { name: invitation.name }),
    state: invitation.sentState,
    answer: answerWord(currentPartstat(invitation, calendarEvent)),
    created_at: isoOf(invitation.createdAt),
  }
}

export function attendeeView(
  calendarEvent: CalendarEvent,
  invitation: Invitation,
  isUnmasked: boolean,
): z.infer<typeof AttendeeView> {
  const { delegatedTo } = invitation
  const standing = Object.entries(invitation.instanceAnswers).filter(
    ([key, answer]) => answer.sequence >= resetSequenceOf(calendarEvent, key),
  )
  return {
    invitation_id: invitation.invitationId,
    email: isUnmasked ? invitation.address : maskAddress(invitation.address),
    ...(invitation.name === undefined || !isUnmasked ? {} : { name: invitation.name }),
    state: invitation.sentState,
    ...(invitation.deliveryState === undefined ? {} : { delivery: invitation.deliveryState }),
    answer: answerWord(currentPartstat(invitation, calendarEvent)),
    ...(invitation.answeredAt === undefined ? {} : { answered_at: isoOf(invitation.answeredAt) }),
    ...(invitation.comment === undefined || !isUnmasked ? {} : { comment: invitation.comment }),
    ...(delegatedTo === undefined
      ? {}
      : { delegated_to: isUnmasked ? delegatedTo : delegatedTo.map((address) => maskAddress(address)) }),
    ...(invitation.replyClient === undefined ? {} : { client: invitation.replyClient }),
    channel: invitation.channel,
    instance_answers: Object.fromEntries(standing.map(([key, answer]) => [key, answerWord(answer.partstat)])),
  }
}

/** A received mail; who holds an attendee's reply address can answer for him, so it is never shown whole. */
export function receivedMailView(delivery: InboundDelivery, isUnmasked: boolean): z.infer<typeof ReceivedMailView> {
  const { outcome } = delivery
  const isReply = delivery.mailbox === 'reply'
  const from = isReply && !isUnmasked && delivery.from !== undefined ? maskAddress(delivery.from) : delivery.from
  return {
    mail_id: delivery.mailId,
    recipient: isReply ? maskAddress(delivery.recipient) : delivery.recipient,
    mailbox: delivery.mailbox,
    received_at: isoOf(delivery.receivedAt),
    ...(from === undefined ? {} : { from }),
    ...(delivery.subject === undefined ? {} : { subject: delivery.subject }),
    ...(outcome === undefined
      ? {}
      : {
          outcome: {
            kind: outcome.kind,
            reason: outcome.reason,
            answer: outcome.answer,
            event_ids: [...outcome.eventIds],
            ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
          },
        }),
  }
}
