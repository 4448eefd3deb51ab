import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import { words } from '../mail-template/language.ts'

/** What the organizer should look at, in a sentence; warnings that need nobody's eye give nothing. */
export function warningWords(warning: string, { dtstart }: Pick<CalendarEvent, 'dtstart'>): readonly string[] {
  if (warning === 'floating_time' && dtstart.kind === 'zoned') return [words.reasons.floatingIn(dtstart.tzid)]
  const said = words.reasons.warning[warning]
  return said === undefined ? [] : [said]
}
