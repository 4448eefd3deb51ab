import type { FoundCalendar } from '#shared/imip/disassembled-mail.ts'

/** A calendar with its rank: the lower, the more it is what the sender's client meant to be read. */
export type RankedCalendar = { readonly rank: number; readonly found: FoundCalendar }

/** RFC 5546 §2.1.5: what names one revision of one component. */
function keysOf(found: FoundCalendar): ReadonlySet<string> {
  const { vevents } = found.calendar
  return new Set(vevents.map((v) => JSON.stringify([v.uid, v.recurrenceKey ?? '', v.sequence, v.dtstamp])))
}

/** PUBLISH and a missing METHOD are how clients write the attached copy of a REQUEST; other methods differ in meaning. */
function isSameIntent(one: FoundCalendar, other: FoundCalendar): boolean {
  const [a, b] = [one.calendar.method ?? 'PUBLISH', other.calendar.method ?? 'PUBLISH']
  return a === b || a === 'PUBLISH' || b === 'PUBLISH'
}

/**
 * Keeps, of calendars that say the same (every component's UID, RECURRENCE-ID, SEQUENCE and DTSTAMP is in a better copy), the
 * one of lowest rank; distinct ones stay. Order: by rank, then as found.
 */
export function dedupeCalendars(all: readonly RankedCalendar[]): readonly FoundCalendar[] {
  const kept: { readonly found: FoundCalendar; readonly keys: ReadonlySet<string> }[] = []
  const inOrder = [...all].sort((a, b) => a.rank - b.rank)
  for (const { found } of inOrder) {
    const keys = keysOf(found)
    const isCopy = kept.some((better) => {
      // Without events (VTODO, an empty calendar) only the same bytes say the same.
      if (keys.size === 0) return better.keys.size === 0 && better.found.sha256 === found.sha256
      return isSameIntent(better.found, found) && [...keys].every((key) => better.keys.has(key))
    })
    if (!isCopy) kept.push({ found, keys })
  }
  return kept.map(({ found }) => found)
}
