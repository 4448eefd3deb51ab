import type { CalendarTime, CustomZone, Recurrence } from '#shared/icalendar/model.ts'
import { cleanRule } from '#shared/icalendar/read/clean-rule.ts'
import { normalUntil } from '#shared/icalendar/read/normal-until.ts'
import { openRecurrenceGate } from '#shared/icalendar/recurrence/recurrence-gate.ts'
import { ruleParts, ruleText } from '#shared/icalendar/recurrence/rule-parts.ts'
import { alignTime } from '#shared/icalendar/times.ts'
import type { Wrong } from './draft-wrong.ts'

/** A rule as a request gives it: nothing of it is bent, and it passes the gate that mailed rules pass. */
export function draftRule(text: string, dtstart: CalendarTime, wrong: Wrong): Recurrence | undefined {
  const { rrule } = cleanRule(text)
  if (rrule === undefined) return wrong.at('rrule', 'must be a recurrence rule (RFC 5545 §3.3.10)')
  const lost = partsOf(text).filter((part) => !partsOf(rrule).includes(part))
  if (lost.length > 0) return wrong.at('rrule', `cannot be used with ${lost.join(', ')}`)
  const parts = new Map(ruleParts(rrule))
  if (parts.has('COUNT') && parts.has('UNTIL')) return wrong.at('rrule', 'give COUNT or UNTIL, not both')
  return settled([rrule], dtstart, [], wrong)
}

/** What a series repeats by once it starts at another time: UNTIL and the dates in the kind of the new start. */
export function movedRecurrence(
  { rrules, rdates, exdates }: Recurrence,
  dtstart: CalendarTime,
  customZones: readonly CustomZone[],
  wrong: Wrong,
): Recurrence | undefined {
  const moved = settled(rrules, dtstart, customZones, wrong)
  const align = (time: CalendarTime) => alignTime(time, dtstart, customZones)
  return moved === undefined ? undefined : { ...moved, rdates: rdates.map(align), exdates: exdates.map(align) }
}

function settled(
  rrules: readonly string[],
  dtstart: CalendarTime,
  customZones: readonly CustomZone[],
  wrong: Wrong,
): Recurrence | undefined {
  const gate = openRecurrenceGate()
  const kept: string[] = []
  for (const rrule of rrules) {
    const parts = new Map(ruleParts(rrule))
    const written = parts.get('UNTIL')
    const until = written === undefined ? undefined : normalUntil(written, dtstart, customZones)
    if (written !== undefined && until === undefined) return wrong.at('rrule', 'UNTIL must be a date or an instant')
    if (until !== undefined) parts.set('UNTIL', until)
    const refusal = gate(ruleText(parts), dtstart, customZones)
    if (refusal !== undefined) return wrong.at('rrule', `is too large to work out: ${refusal}`)
    kept.push(ruleText(parts))
  }
  return { rrules: kept, rdates: [], exdates: [] }
}

function partsOf(rule: string): readonly string[] {
  return rule
    .toUpperCase()
    .replaceAll(/\s/g, '')
    .replace(/^RRULE:/, '')
    .split(';')
    .filter((part) => part !== '')
}
