import { withContentHash } from '../content-hash.ts'
import type {
  CalendarObject,
  CalendarWarning,
  ItipMethod,
  ParsedCalendars,
  UnreadableReason,
  Vevent,
} from '../model.ts'
import { openRecurrenceGate } from '../recurrence/recurrence-gate.ts'
import { alignOverride } from '../series.ts'
import type { CalendarContext } from './calendar-context.ts'
import { cleanLines } from './clean-lines.ts'
import { clientOf } from './client.ts'
import { type RawCalendar, type RawComponent, readComponents } from './components.ts'
import { CALENDAR_BYTES_MAX, CALENDARS_MAX, LINES_MAX, VEVENTS_MAX } from './limits.ts'
import { firstLine, readProperty } from './property.ts'
import { readText } from './read-text.ts'
import { readVevent } from './read-vevent.ts'
import { openZoneBook } from './zone-book.ts'

export type ParseOptions = {
  /** Epoch milliseconds of the mail's Date header: stands for a missing DTSTAMP. */
  readonly mailDate?: number
  /** The charset parameter of the MIME part; asked only where the bytes are not UTF-8. */
  readonly declaredCharset?: string
}

type Unreadable = ParsedCalendars['unreadable'][number]

const METHODS: ReadonlyMap<string, ItipMethod> = new Map(
  (['PUBLISH', 'REQUEST', 'REPLY', 'ADD', 'CANCEL', 'REFRESH', 'COUNTER', 'DECLINECOUNTER'] as const).map((name) => [
    name,
    name,
  ]),
)

/**
 * All VCALENDARs in a text, whatever it is. Never throws: what cannot be read is named in `unreadable`. `prepareHtmlFor` must have
 * been awaited for these bytes, or HTML in them is a calendar_error.
 */
export function parseCalendars(bytes: Uint8Array, options: ParseOptions = {}): ParsedCalendars {
  try {
    return parse(bytes, options)
  } catch (error) {
    // A text we have never seen must cost one calendar, not the mail: the bug is told by its message.
    return { calendars: [], unreadable: [{ reason: 'calendar_error', detail: String(error).slice(0, 200) }] }
  }
}

function parse(bytes: Uint8Array, options: ParseOptions): ParsedCalendars {
  if (bytes.length > CALENDAR_BYTES_MAX) return refused('too_many_components', `more than ${CALENDAR_BYTES_MAX} bytes`)
  const { lines, isGuessed, isTooLong } = cleanLines(bytes, options.declaredCharset)
  if (isTooLong) return refused('too_many_components', `more than ${LINES_MAX} lines`)
  if (lines.length === 0) return refused('not_a_calendar', 'no BEGIN:VCALENDAR')
  const { calendars: raw, isOverCap } = readComponents(lines)
  if (isOverCap)
    return refused('too_many_components', `more than ${VEVENTS_MAX} VEVENTs or ${CALENDARS_MAX} VCALENDARs`)
  if (raw.length === 0) return refused('not_a_calendar', 'BEGIN:VCALENDAR stands inside other text')
  const calendars: CalendarObject[] = []
  const unreadable: Unreadable[] = []
  const shared = { isGuessed, mailDate: options.mailDate, refuseRule: openRecurrenceGate() }
  for (const calendar of raw) readCalendar(calendar, shared, calendars, unreadable)
  return { calendars, unreadable }
}

function refused(reason: UnreadableReason, detail: string): ParsedCalendars {
  return { calendars: [], unreadable: [{ reason, detail }] }
}

/** What all calendars of one text have in common. */
type Shared = Pick<CalendarContext, 'mailDate' | 'refuseRule'> & { readonly isGuessed: boolean }

function readCalendar(raw: RawCalendar, shared: Shared, calendars: CalendarObject[], unreadable: Unreadable[]): void {
  if (raw.isTruncated) {
    unreadable.push({ reason: 'truncated_calendar', detail: 'no END:VCALENDAR' })
    return
  }
  const warnings = new Set<CalendarWarning>()
  const warn = (warning: CalendarWarning): void => void warnings.add(warning)
  if (shared.isGuessed) warn('bad_charset')
  if (raw.isCleaned) warn('cleaned_lines')
  const methodText = headText(raw.root, 'METHOD', warn)?.toUpperCase()
  const method = methodText === undefined ? undefined : METHODS.get(methodText)
  if (methodText !== undefined && method === undefined) {
    unreadable.push({ reason: 'unknown_method', detail: methodText.slice(0, 100) })
    return
  }
  const zones = openZoneBook(raw.root, warn)
  const { vevents, lost } = readVevents(raw.root, { ...shared, method, zones, warn })
  unreadable.push(...lost)
  if (vevents.length === 0 && lost.length > 0) return
  const prodid = headText(raw.root, 'PRODID', warn)
  calendars.push({
    ...(method !== undefined && { method }),
    ...(prodid !== undefined && { prodid }),
    client: clientOf(prodid),
    ...(zones.wrTimezone !== undefined && zones.wrTimezone !== '' && { wrTimezone: zones.wrTimezone }),
    vevents,
    otherComponents: otherComponents(raw.root),
    customZones: zones.customZones(),
    warnings: [...warnings],
  })
}

/** When one component of a UID is unreadable all of that UID are: half a series would invite people to wrong times. */
function readVevents(
  root: RawComponent,
  ctx: CalendarContext,
): { vevents: readonly Vevent[]; lost: readonly Unreadable[] } {
  const lost: Unreadable[] = []
  const lostUids = new Set<string>()
  const read: Vevent[] = []
  for (const component of root.children) {
    if (component.name !== 'VEVENT') continue
    const result = readVevent(component, ctx)
    if (result.kind === 'vevent') read.push(withContentHash(result.vevent))
    else {
      lostUids.add(result.uid)
      lost.push({ reason: result.reason, detail: result.detail })
    }
  }
  const masters = new Map(
    read.filter(({ recurrenceKey }) => recurrenceKey === undefined).map((vevent) => [vevent.uid, vevent]),
  )
  const vevents = read
    .filter(({ uid }) => !lostUids.has(uid))
    .map((vevent) => {
      const master = vevent.recurrenceKey === undefined ? undefined : masters.get(vevent.uid)
      return master === undefined ? vevent : alignOverride(vevent, master, ctx.zones.customZones())
    })
  return { vevents, lost }
}

function otherComponents(root: RawComponent): readonly string[] {
  return [...new Set(root.children.map(({ name }) => name))].filter((name) => name !== 'VEVENT' && name !== 'VTIMEZONE')
}

function headText(root: RawComponent, name: string, warn: (warning: CalendarWarning) => void): string | undefined {
  const line = firstLine(root, name, () => warn('repeated_property'))
  const value = line === undefined ? '' : readText(readProperty(line).value, 512).text
  return value === '' ? undefined : value
}
