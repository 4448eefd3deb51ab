import { enConfirmations } from './en-confirmations.ts'
import { enDates } from './en-dates.ts'
import { enNotices } from './en-notices.ts'
import { enReasons } from './en-reasons.ts'

/** English. Another language is a file beside this one with the same names (`Words`). */
export const en = {
  /** BCP 47, for the HTML. */
  language: 'en',
  facts: { when: 'When', where: 'Where', eventId: 'Event id', byApi: 'By API', file: 'File', reason: 'Reason' },
  untitled: 'Untitled event',
  dates: enDates,
  brand: { support: (address: string) => `Help: ${address}` },
  invite: {
    prefix: { invitation: 'Invitation', update: 'Updated invitation', cancel: 'Cancelled' },
    lead: {
      invitation: (organizer: string) => `${organizer} invites you.`,
      newTime: (organizer: string) => `${organizer} changed the time of this event. Please answer again.`,
      changed: (organizer: string, what: string) => `${organizer} changed ${what} of this event.`,
      cancel: (organizer: string) => `${organizer} cancelled this event.`,
      cancelDate: (organizer: string) => `${organizer} cancelled this date of the series. The other dates stay.`,
    },
    changed: {
      start: 'the start',
      end: 'the end',
      recurrence: 'the dates',
      summary: 'the title',
      location: 'the place',
      description: 'the description',
      status: 'the status',
      instances: 'some dates',
    },
    details: 'details',
    and: ' and ',
    answer: 'Answer with the buttons of your calendar, or with these links; your answer goes to the organizer.',
    yes: 'Yes',
    no: 'No',
    maybe: 'Maybe',
    sentFor: (organizer: string, domainName: string) => `Sent for ${organizer} by ${domainName}.`,
    unwanted: 'Unwanted? Tell',
    noMoreMail: 'No more mail',
  },
  created: {
    subject: (title: string) => `Created: ${title}`,
    title: (title: string) => `"${title}" is ready to be sent`,
    stored: 'We read your invitation and stored the event. Nobody has been invited yet.',
    otherGuests: (count: number) =>
      `The ${count === 1 ? 'other guest' : `${count} other guests`} of your invitation will hear nothing from us.`,
    change:
      'To change or cancel it, change or cancel the event in your own calendar; we hear of it and tell those who answered.',
    report: 'Send me the report',
    footer: (mailbox: string) => `Sent because ${mailbox} was invited from your calendar.`,
  },
  failed: {
    invitation: { one: 'invitation', nothing: 'Nothing was created or changed, and nobody was invited.' },
    list: { one: 'list', nothing: 'Nobody was invited because of it.' },
    title: (one: string) => `Your ${one} could not be used`,
    subject: (title: string) => `Could not be used: ${title}`,
    yourMail: 'Your mail',
    reference: 'Reference',
    footer: (mailbox: string) => `Sent because a mail from your address reached ${mailbox}.`,
  },
  confirmations: enConfirmations,
  notices: enNotices,
  reasons: enReasons,
}
