import { CALENDARS_MAX, COMPONENTS_MAX, NESTING_MAX, VEVENTS_MAX } from './limits.ts'

/** One content line, unfolded and decoded; parameters and value are read only when asked for. */
export type RawLine = { readonly name: string; readonly text: string }

export type RawComponent = { readonly name: string; readonly lines: RawLine[]; readonly children: RawComponent[] }

/** One VCALENDAR of a text. */
export type RawCalendar = {
  readonly root: RawComponent
  /** The text ended, or another calendar began, before END:VCALENDAR. */
  readonly isTruncated: boolean
  /** Lines or line ends were dropped or supplied to make it a calendar. */
  readonly isCleaned: boolean
}

export type RawCalendars = { readonly calendars: readonly RawCalendar[]; readonly isOverCap: boolean }

/** Components whose lines are read; of all others only the name counts. */
const READ_COMPONENTS = new Set(['VCALENDAR', 'VEVENT', 'VTIMEZONE', 'STANDARD', 'DAYLIGHT'])

/** Components that lie directly in a VCALENDAR: when one begins inside another, an END was lost. */
const TOP_COMPONENTS = new Set(['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VTIMEZONE'])

const CONTENT_LINE = /^([\w.-]+)[ \t]*[;:]/

type Builder = {
  readonly calendars: RawCalendar[]
  readonly stack: RawComponent[]
  isCleaned: boolean
  components: number
  vevents: number
  ignoredDepth: number
}

/** Lines to component trees, tolerant: stray lines are dropped, lost ENDs supplied, text outside of calendars ignored. */
export function readComponents(lines: readonly string[]): RawCalendars {
  const builder: Builder = {
    calendars: [],
    stack: [],
    isCleaned: false,
    components: 0,
    vevents: 0,
    ignoredDepth: 0,
  }
  for (const line of lines) {
    if (line === '') continue
    if (isTag(line, 'B')) begin(builder, line)
    else if (isTag(line, 'E')) end(builder, line)
    else if (builder.stack.length > 0) content(builder, line)
    if (isOverCap(builder)) return { calendars: builder.calendars, isOverCap: true }
  }
  closeCalendar(builder, true, true)
  return { calendars: builder.calendars, isOverCap: false }
}

function isOverCap({ calendars, vevents, components }: Builder): boolean {
  return calendars.length > CALENDARS_MAX || vevents > VEVENTS_MAX || components > COMPONENTS_MAX
}

/** `BEGIN:` or `END:` in any case; looked at by character because every line passes here. */
function isTag(line: string, initial: 'B' | 'E'): boolean {
  const first = line.charCodeAt(0) & 0xdf
  if (first !== initial.charCodeAt(0)) return false
  return initial === 'B' ? /^BEGIN[ \t]*:/i.test(line) : /^END[ \t]*:/i.test(line)
}

function tagName(line: string): string {
  return line
    .slice(line.indexOf(':') + 1)
    .trim()
    .toUpperCase()
}

function begin(builder: Builder, line: string): void {
  const name = tagName(line)
  if (name === 'VCALENDAR') {
    closeCalendar(builder, true)
    builder.stack.push({ name, lines: [], children: [] })
    return
  }
  if (builder.stack.length === 0) return
  if (builder.ignoredDepth > 0 || builder.stack.length >= NESTING_MAX) {
    builder.ignoredDepth += 1
    builder.isCleaned = true
    return
  }
  if (TOP_COMPONENTS.has(name)) closeTo(builder, 1)
  const component: RawComponent = { name, lines: [], children: [] }
  builder.stack.at(-1)?.children.push(component)
  builder.stack.push(component)
  builder.components += 1
  if (name === 'VEVENT') builder.vevents += 1
}

function end(builder: Builder, line: string): void {
  if (builder.stack.length === 0) return
  const name = tagName(line)
  // A mail scanner may glue its footer to the last line.
  if (name.startsWith('VCALENDAR')) {
    closeCalendar(builder, false)
    return
  }
  if (builder.ignoredDepth > 0) {
    builder.ignoredDepth -= 1
    return
  }
  const depth = builder.stack.findLastIndex((component) => component.name === name)
  if (depth <= 0) builder.isCleaned = true
  else closeTo(builder, depth, depth === builder.stack.length - 1)
}

function closeTo(builder: Builder, length: number, isExpected = false): void {
  if (builder.stack.length > length && !isExpected) builder.isCleaned = true
  builder.stack.length = Math.min(builder.stack.length, length)
}

function closeCalendar(builder: Builder, isTruncated: boolean, isLast = false): void {
  const root = builder.stack[0]
  if (root === undefined) return
  // BEGIN:VCALENDAR twice in a row is a calendar wrapped by mistake, not one cut short.
  const isWrapper = isTruncated && root.lines.length === 0 && root.children.length === 0 && !isLast
  if (isWrapper) {
    builder.stack.length = 0
    return
  }
  if (builder.stack.length > 1) builder.isCleaned = true
  builder.calendars.push({ root, isTruncated, isCleaned: builder.isCleaned })
  builder.stack.length = 0
  builder.isCleaned = false
  builder.ignoredDepth = 0
}

function content(builder: Builder, line: string): void {
  const name = CONTENT_LINE.exec(line)?.[1]
  if (name === undefined) {
    if (line.trim() !== '') builder.isCleaned = true
    return
  }
  const component = builder.stack.at(-1)
  if (builder.ignoredDepth > 0 || component === undefined || !READ_COMPONENTS.has(component.name)) return
  component.lines.push({ name: name.toUpperCase(), text: line })
}
