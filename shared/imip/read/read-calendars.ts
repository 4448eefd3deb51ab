import type { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import type { CalendarObject } from '#shared/icalendar/model.ts'
import { parseCalendars } from '#shared/icalendar/read/parse-calendars.ts'
import { prepareHtmlFor } from '#shared/icalendar/read/read-html.ts'
import type { DisassembledMail, FoundCalendar } from '#shared/imip/disassembled-mail.ts'
import { dedupeCalendars, type RankedCalendar } from './dedupe-calendars.ts'
import { CALENDARS_MAX } from './limits.ts'
import type { Candidate } from './walk-parts.ts'

export type ReadCalendars = {
  readonly calendars: readonly FoundCalendar[]
  readonly unreadable: DisassembledMail['unreadable']
  readonly forwardedDepth: number
}

/** Reads the candidates, best first, and keeps one copy of each calendar; identical bytes are read once. */
export async function readCandidates(
  candidates: readonly Candidate[],
  date: number | undefined,
): Promise<ReadCalendars> {
  const ranked: (RankedCalendar & { readonly depth: number })[] = []
  const unreadable: DisassembledMail['unreadable'][number][] = []
  const seen: Buffer[] = []
  const inOrder = [...candidates].sort((a, b) => a.rank - b.rank).slice(0, CALENDARS_MAX)
  for (const candidate of inOrder) {
    if (seen.some((bytes) => bytes.equals(candidate.bytes))) continue
    seen.push(candidate.bytes)
    await prepareHtmlFor(candidate.bytes)
    const parsed = parseCalendars(candidate.bytes, {
      ...(date === undefined ? {} : { mailDate: date }),
      ...(candidate.declaredCharset === undefined ? {} : { declaredCharset: candidate.declaredCharset }),
    })
    const sha256 = hash('sha256', candidate.bytes, 'hex')
    for (const calendar of parsed.calendars) {
      ranked.push({ rank: candidate.rank, depth: candidate.depth, found: foundCalendar(candidate, calendar, sha256) })
    }
    unreadable.push(...parsed.unreadable)
  }
  const calendars = dedupeCalendars(ranked)
  const first = ranked.find((one) => one.found === calendars[0])
  return { calendars, unreadable, forwardedDepth: first?.depth ?? 0 }
}

function foundCalendar(candidate: Candidate, calendar: CalendarObject, sha256: string): FoundCalendar {
  const { where, contentType, methodParameter, filename } = candidate
  return {
    where,
    contentType,
    ...(methodParameter === undefined ? {} : { methodParameter }),
    ...(filename === undefined ? {} : { filename }),
    calendar: withMismatch(calendar, methodParameter),
    sha256,
  }
}

/** RFC 6047 §2.4: the `method` parameter must equal the body's METHOD; the body wins, and the difference is told. */
function withMismatch(calendar: CalendarObject, parameter: string | undefined): CalendarObject {
  const isMismatch = parameter !== undefined && parameter !== calendar.method
  if (!isMismatch || calendar.warnings.includes('method_mismatch')) return calendar
  return { ...calendar, warnings: [...calendar.warnings, 'method_mismatch'] }
}
