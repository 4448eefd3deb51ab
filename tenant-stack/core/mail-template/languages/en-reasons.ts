import type { ListRowReason } from '../../recipient-list/recipient-list.ts'

/** What each reason of a failed mail means in plain words, and what the organizer can do: one table for mails and pages. */
const failure: Readonly<Record<string, string>> = {
  not_a_calendar:
    'The mail held no calendar invitation. Create the event in your calendar and add our address as a guest; do not write to it by hand.',
  winmail_dat:
    'Your Outlook sent the invitation in its own format (winmail.dat), which only Exchange can read. Send it as iCalendar: File, Options, Mail, "Send meeting requests as iCalendar", or invite us from Outlook on the web.',
  encrypted: 'The invitation is encrypted, so we cannot read it. Send it unencrypted; a signature is fine.',
  truncated_calendar:
    'The calendar in the mail ends in the middle. It was probably cut on the way; please send it again.',
  no_start: 'The event has no start time.',
  unknown_method: 'The calendar says neither that it invites nor that it cancels (its METHOD is not one we know).',
  unknown_zone:
    'The event uses a time zone that neither we nor the calendar itself explain. Choose a named zone (for example Europe/Madrid) and send it again.',
  recurrence_over_budget:
    'The event repeats by a rule that is too large to work out. Choose an end date or fewer repetitions and send it again.',
  too_many_components: 'The calendar holds far more events than an invitation has. Send the event alone.',
  calendar_error: 'The calendar in the mail is damaged and could not be read.',
  no_event: 'The calendar in the mail holds no event.',
  events_only: 'The mail held a task, poll or free-busy request. We take events only.',
  mixed_uids: 'The mail mixes several events where only one is allowed. Send each by itself.',
  too_many_events: 'The mail held more than twenty events. Send them in smaller groups.',
  events_per_organizer:
    'You have as many events here as your licence or your administrator allows. Ask your administrator for more; changes and cancels of events that you have go on as before.',
  organizer_suspended:
    'Your administrator has suspended you here, so this was not carried out. A cancel of an event of yours still goes out. Ask your administrator to resume you.',
  organizer_not_registered:
    'Only people whom the administrator of this domain has registered may organize here. Ask him to register your address, then send it again.',
  organizer_not_allowed:
    'Your address is none of those that may organize here. Send it from an address that is allowed, or ask the administrator of this domain to register yours.',
  list_no_file:
    'The mail brought no list: attach a TXT or CSV file with one address in each line. Addresses in the text of the mail are not read.',
  list_spreadsheet: 'A spreadsheet cannot be read as a list. Save it as CSV and attach that.',
  list_no_event:
    'We could not tell which of your events the list is for. Put the event id into the subject, or answer the mail that told you of the event.',
  list_several_events:
    'The list could be for several events. Put the id of the one that you mean into the subject, and no other.',
  list_event_cancelled: 'The event is cancelled: nobody can be invited to it any more.',
  list_too_large: 'The list is larger than 4 MB. Send it in several files; who is in two of them is invited once.',
  list_empty: 'The list names nobody: put one address in each line, or attach a CSV file with a column "email".',
  no_organizer_right: 'You are not the organizer of this event.',
  range_this_and_future:
    'The change is for "this and all following" dates. Change the whole series or single dates instead, or end the series and invite us to a new one.',
}

/** What the organizer should look at; warnings that need nobody's eye are not here. */
const warning: Readonly<Record<string, string>> = {
  floating_time: 'The event names no time zone; it will show at the same clock time everywhere.',
  zone_from_offset: 'The event names only an offset from UTC, so daylight saving time is not followed.',
  zone_matched_by_rules: 'The time zone had no known name; we matched it by its rules. Please check the time.',
  custom_zone: 'The time zone is one only your calendar knows; we use its own rules. Please check the time.',
  rule_cleaned: 'The repetition rule was not written as calendars expect, and we tidied it. Please check the dates.',
  rule_dropped: 'The repetition rule was not valid, so the event is taken as a single one.',
  end_before_start: 'The event ended before it began; we use its start as its end.',
  text_truncated: 'A very long text was cut.',
  attachment_dropped: 'Files attached to the event are not sent on.',
  bad_charset: 'The mail named no character set or a wrong one. Please check letters with accents.',
  bad_property: 'A part of the calendar could not be read and was left out. Please check the event.',
  private_class: 'The event is marked private; the mark is not sent on.',
  instance_not_an_occurrence: 'A changed date is not part of the series and was left out.',
}

/** Why lines of a list got no invitation; the number stands before them. */
const row: Readonly<Record<ListRowReason, string>> = {
  missing_address: 'without a mail address',
  invalid_address: 'with an address that cannot be mailed',
  too_long: 'too long to be a person',
  unreadable: 'with letters that cannot be read',
  open_quote: 'in a quote that goes on over other lines',
  duplicate: 'already further up in the list',
  own_domain: 'with an address of this server',
  already_invited: 'already invited to this event',
  suppressed: 'who want no mail, or whose mail came back',
  over_limit: 'more than your limit has room for',
}

export const enReasons = {
  failure,
  unknownFailure: (reason: string) => `The invitation could not be used (${reason}).`,
  warning,
  floatingIn: (tzid: string) => `The event names no time zone; we read its times in ${tzid}.`,
  row,
}
