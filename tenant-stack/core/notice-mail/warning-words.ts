import type { CalendarEvent } from '../calendar-event/calendar-event.ts'

const WORDS: Readonly<Record<string, string>> = {
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

/** What the organizer should look at, in a sentence; warnings that need nobody's eye give nothing. */
export function warningWords(warning: string, { dtstart }: Pick<CalendarEvent, 'dtstart'>): readonly string[] {
  if (warning === 'floating_time' && dtstart.kind === 'zoned')
    return [`The event names no time zone; we read its times in ${dtstart.tzid}.`]
  const words = WORDS[warning]
  return words === undefined ? [] : [words]
}
