import type { Recurrence, Series, Vevent } from '#shared/icalendar/model.ts'
import { recurrenceKeyOf } from '#shared/icalendar/times.ts'
import type { ChangedProperty } from './decisions.ts'
import { durationsEqual, sameTime, timesEqual, zonesAgree } from './same-time.ts'

export type SeriesDifference = {
  /** Empty when nobody who looks at the calendar would see a difference. */
  readonly changed: readonly ChangedProperty[]
  readonly resetsAnswers: boolean
  readonly instancesReset: readonly string[]
}

const ORDER: readonly ChangedProperty[] = [
  'start',
  'end',
  'recurrence',
  'summary',
  'location',
  'description',
  'status',
  'instances',
  'other',
]

/**
 * What changed by content, never by SEQUENCE or by spelling: clients raise SEQUENCE for guests and alarms too, and rewrite rules and
 * zone names at will. Answers follow RFC 5546 §2.1.4.
 */
export function seriesDifference(before: Series, after: Series): SeriesDifference {
  const changed = new Set(masterChanges(before, after))
  const resetsSeries = changed.has('start') || changed.has('end') || changed.has('recurrence')
  const instances = instanceChanges(before, after)
  const isNaked = before.master === undefined && after.master === undefined
  if (isNaked) for (const property of instances.properties) changed.add(property)
  if (instances.isVisible || calledOffDiffers(before, after)) changed.add('instances')
  return {
    changed: ORDER.filter((property) => changed.has(property)),
    // Without a master the instances are the whole event: one of them moved, so the event moved.
    resetsAnswers: resetsSeries || (isNaked && instances.hasMoved),
    instancesReset: instances.reset,
  }
}

function masterChanges(before: Series, after: Series): readonly ChangedProperty[] {
  if (after.master === undefined) return []
  if (before.master === undefined) return [after.master.recurrence === undefined ? 'start' : 'recurrence']
  const changes = veventChanges(before.master, after.master, after)
  return recurrenceDiffers(before, after) ? [...changes, 'recurrence'] : changes
}

function veventChanges(a: Vevent, b: Vevent, series: Series): readonly ChangedProperty[] {
  const isRecurring = series.master?.recurrence !== undefined
  // A single event at the same instant keeps its answers, but it is told in another zone's words.
  const isTold = isRecurring || zonesAgree(a.dtstart, b.dtstart, series.customZones)
  const found: [ChangedProperty, boolean][] = [
    ['start', !timesEqual(a.dtstart, b.dtstart, isRecurring, series.customZones)],
    ['end', !timesEqual(a.dtend, b.dtend, isRecurring, series.customZones)],
    ['summary', a.summary !== b.summary],
    ['location', a.location !== b.location],
    ['description', a.description !== b.description || a.descriptionHtml !== b.descriptionHtml],
    ['status', a.status !== b.status],
    ['other', a.url !== b.url || a.transp !== b.transp || (sameTime(a.dtstart, b.dtstart) && !isTold)],
  ]
  return found.filter(([, differs]) => differs).map(([property]) => property)
}

function instanceChanges(before: Series, after: Series) {
  const was = overridesByKey(before)
  const newDates = new Set(rdateKeys(after).filter((key) => !rdateKeys(before).includes(key)))
  const properties = new Set<ChangedProperty>()
  const reset: string[] = []
  let hasMoved = false
  let isVisible = false
  for (const [key, override] of overridesByKey(after)) {
    const old = was.get(key)
    const changes = old === undefined ? changesFromMaster(override, after) : veventChanges(old, override, after)
    const isNew = newDates.has(key) || before.cancelled.some((one) => one.recurrenceKey === key)
    if (changes.length === 0 && !isNew) continue
    isVisible = true
    for (const property of changes) properties.add(property)
    const moved = changes.includes('start') || changes.includes('end')
    if (moved || isNew) reset.push(key)
    if (moved && old !== undefined) hasMoved = true
  }
  const kept = overridesByKey(after)
  const isDropped = [...was.keys()].some((key) => !kept.has(key))
  return { properties, reset, hasMoved, isVisible: isVisible || isDropped }
}

/** A guest added to one instance makes an override that looks like the master's own instance: nothing to tell. */
function changesFromMaster(override: Vevent, series: Series): readonly ChangedProperty[] {
  const { master } = series
  if (master === undefined || override.recurrenceId === undefined) return ['start', 'end']
  const texts = veventChanges({ ...master, dtstart: override.dtstart, dtend: override.dtend }, override, series)
  return [
    ...(sameTime(override.recurrenceId, override.dtstart) ? [] : (['start'] as const)),
    ...(durationsEqual(master, override) ? [] : (['end'] as const)),
    ...texts,
  ]
}

function overridesByKey(series: Series): ReadonlyMap<string, Vevent> {
  return new Map(series.overrides.map((override) => [override.recurrenceKey ?? '', override]))
}

function calledOffDiffers(before: Series, after: Series): boolean {
  const mark = (series: Series) => excludedKeys(series, true).join()
  return mark(before) !== mark(after) && !recurrenceDiffers(before, after)
}

/** Rules, RDATEs, and those EXDATEs that say more than the instances called off by mail already did. */
function recurrenceDiffers(before: Series, after: Series): boolean {
  const [a, b] = [before.master?.recurrence, after.master?.recurrence]
  if (ruleTexts(a) !== ruleTexts(b)) return true
  if (plainRdates(before) !== plainRdates(after)) return true
  const mailed = new Set([...before.cancelled, ...after.cancelled].map((one) => one.recurrenceKey))
  const own = (series: Series) => excludedKeys(series, false).filter((key) => !mailed.has(key))
  return own(before).join() !== own(after).join()
}

function rdateKeys({ master, customZones }: Series): readonly string[] {
  const keys = (master?.recurrence?.rdates ?? []).map((rdate) => recurrenceKeyOf(rdate, master?.dtstart, customZones))
  return [...new Set(keys)].toSorted()
}

/** An RDATE that ADD brought has its own override: a change of instances, not of the recurrence. */
function plainRdates(series: Series): string {
  const overridden = new Set(series.overrides.map((override) => override.recurrenceKey))
  return rdateKeys(series)
    .filter((key) => !overridden.has(key))
    .join()
}

function excludedKeys(series: Series, withMailed: boolean): readonly string[] {
  const { master } = series
  const own = (master?.recurrence?.exdates ?? []).map((exdate) =>
    recurrenceKeyOf(exdate, master?.dtstart, series.customZones),
  )
  const mailed = withMailed ? series.cancelled.map((one) => one.recurrenceKey) : []
  return [...new Set([...own, ...mailed])].toSorted()
}

/** Clients order the parts of one rule as they like and write INTERVAL=1 or leave it out. */
function ruleTexts(recurrence: Recurrence | undefined): string {
  const parts = (rule: string) =>
    rule
      .toUpperCase()
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '' && part !== 'INTERVAL=1')
      .toSorted()
      .join(';')
  return (recurrence?.rrules ?? []).map(parts).toSorted().join('\n')
}
