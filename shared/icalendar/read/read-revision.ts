import { instantFromMs } from '../civil.ts'
import type { Instant } from '../model.ts'
import type { CalendarContext } from './calendar-context.ts'
import type { RawComponent } from './components.ts'
import { SEQUENCE_MAX } from './limits.ts'
import { firstLine, readProperty } from './property.ts'
import { readStamp } from './read-time.ts'

export type ReadRevision = { readonly sequence: number; readonly hasSequence: boolean; readonly dtstamp: Instant }

/**
 * SEQUENCE and DTSTAMP. Exchange compares X-MICROSOFT-CDO-APPT-SEQUENCE in preference to SEQUENCE ([MS-OXCICAL]), so the higher of
 * both counts (case 32). A missing DTSTAMP is the mail's Date (case 34).
 */
export function readRevision(component: RawComponent, ctx: CalendarContext): ReadRevision {
  const written = [readNumber(component, 'SEQUENCE', ctx), readNumber(component, 'X-MICROSOFT-CDO-APPT-SEQUENCE', ctx)]
  const numbers = written.filter((number) => number !== undefined)
  return { sequence: Math.max(0, ...numbers), hasSequence: numbers.length > 0, dtstamp: readDtstamp(component, ctx) }
}

function readNumber(component: RawComponent, name: string, ctx: CalendarContext): number | undefined {
  const line = firstLine(component, name, () => ctx.warn('repeated_property'))
  if (line === undefined) return undefined
  const digits = /^\s*([+-]?\d+)/.exec(readProperty(line).value)?.[1]
  if (digits === undefined) {
    ctx.warn('bad_property')
    return undefined
  }
  const number = Number(digits)
  if (number >= 0 && number <= SEQUENCE_MAX) return number
  ctx.warn('sequence_clamped')
  return number < 0 ? 0 : SEQUENCE_MAX
}

function readDtstamp(component: RawComponent, ctx: CalendarContext): Instant {
  const line = firstLine(component, 'DTSTAMP', () => ctx.warn('repeated_property'))
  const stamp = line === undefined ? undefined : readStamp(readProperty(line).value)
  if (stamp !== undefined) return stamp
  ctx.warn('dtstamp_missing')
  return instantFromMs(ctx.mailDate ?? 0)
}
