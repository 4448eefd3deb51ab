import type { CalendarTime, Recurrence } from '../model.ts'
import { endsBeforeCount } from '../recurrence/count-or-until.ts'
import { ruleParts, ruleText } from '../recurrence/rule-parts.ts'
import { alignTime, toInstantMs } from '../times.ts'
import type { CalendarContext } from './calendar-context.ts'
import { cleanRule } from './clean-rule.ts'
import type { RawComponent } from './components.ts'
import { DATES_MAX, RRULES_MAX } from './limits.ts'
import { normalUntil } from './normal-until.ts'
import { type Property, readProperty } from './property.ts'
import { readTimeValue } from './read-time.ts'

export type ReadRecurrence = { readonly recurrence?: Recurrence; readonly refusal?: string }

/** RRULE, RDATE and EXDATE of a VEVENT, brought to the kind and zone of its DTSTART; `refusal` when a rule is over budget. */
export function readRecurrence(component: RawComponent, dtstart: CalendarTime, ctx: CalendarContext): ReadRecurrence {
  const rrules: string[] = []
  for (const line of component.lines) {
    if (line.name !== 'RRULE' || rrules.length >= RRULES_MAX) continue
    const rrule = readRule(readProperty(line).value, dtstart, ctx)
    if (rrule === undefined) continue
    const refusal = ctx.refuseRule(rrule, dtstart, ctx.zones.customZones())
    if (refusal !== undefined) return { refusal }
    rrules.push(settleCount(rrule, dtstart, ctx))
  }
  const rdates = readDates(component, 'RDATE', dtstart, ctx)
  if (rrules.length === 0 && rdates.length === 0) return {}
  return { recurrence: { rrules, rdates, exdates: readDates(component, 'EXDATE', dtstart, ctx) } }
}

function readRule(text: string, dtstart: CalendarTime, ctx: CalendarContext): string | undefined {
  const { rrule, isChanged } = cleanRule(text)
  if (rrule === undefined) {
    ctx.warn('rule_dropped')
    return undefined
  }
  if (isChanged) ctx.warn('rule_cleaned')
  const parts = new Map(ruleParts(rrule))
  const written = parts.get('UNTIL')
  if (written === undefined) return rrule
  const until = normalUntil(written, dtstart, ctx.zones.customZones())
  if (until === undefined) parts.delete('UNTIL')
  else parts.set('UNTIL', until)
  if (until !== written) ctx.warn('rule_cleaned')
  return ruleText(parts)
}

/** RFC 5545 forbids COUNT beside UNTIL; clients that write both mean whichever ends first. */
function settleCount(rrule: string, dtstart: CalendarTime, ctx: CalendarContext): string {
  const parts = new Map(ruleParts(rrule))
  if (!parts.has('COUNT') || !parts.has('UNTIL')) return rrule
  ctx.warn('rule_cleaned')
  parts.delete(endsBeforeCount(rrule, dtstart, ctx.zones.customZones()) ? 'COUNT' : 'UNTIL')
  return ruleText(parts)
}

/** A list of EXDATE or RDATE; values that cannot be read are left out, a PERIOD counts by its start. */
function readDates(
  component: RawComponent,
  name: 'EXDATE' | 'RDATE',
  dtstart: CalendarTime,
  ctx: CalendarContext,
): readonly CalendarTime[] {
  const times = new Map<number, CalendarTime>()
  for (const line of component.lines) {
    if (line.name !== name || times.size >= DATES_MAX) continue
    const property = readProperty(line)
    for (const text of property.value.split(',', DATES_MAX)) {
      if (text.trim() === '') continue
      const time = readDate(text, property, dtstart, ctx)
      if (time === undefined) ctx.warn(name === 'EXDATE' ? 'exdate_unmatched' : 'bad_property')
      else times.set(toInstantMs(time), time)
    }
  }
  return [...times.values()].toSorted((a, b) => toInstantMs(a) - toInstantMs(b)).slice(0, DATES_MAX)
}

function readDate(
  text: string,
  property: Property,
  dtstart: CalendarTime,
  ctx: CalendarContext,
): CalendarTime | undefined {
  const read = readTimeValue(text.split('/')[0] ?? '', property, ctx)
  return read.kind === 'time' ? alignTime(read.time, dtstart, ctx.zones.customZones()) : undefined
}
