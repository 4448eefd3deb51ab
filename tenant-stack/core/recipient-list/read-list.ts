import { isFailure } from '#shared/errors/failure.ts'
import { parseAttendeeAddress } from '../invitation/attendee-address.ts'
import { decodeText } from './decode-text.ts'
import { cellsOf, LINE_UNITS_MAX, type ListRecord, splitRecords } from './split-records.ts'
import { type Columns, titlesOf } from './titles.ts'

/** A person of a list, or a line that is none and why. `row` counts them from 1; a line may hold several people. */
export type ListRow = { readonly row: number; readonly line: number } & (
  | { readonly address: string; readonly name?: string }
  | { readonly reason: RowReason; readonly text: string }
)

export type RowReason = 'missing_address' | 'invalid_address' | 'too_long' | 'unreadable' | 'open_quote'

type Read = { readonly address: string; readonly name?: string } | { readonly reason: RowReason; readonly text: string }

/** Of what was refused, as it is shown to a person. */
const SHOWN_UNITS_MAX = 200
const NAME_UNITS_MAX = 200
/** A row of a person, when it is not people one behind the other. */
const PERSON_UNITS_MAX = 2000
/** What spreadsheets put before everything else to say how cells are cut. */
const SEPARATOR_LINE = /^\s*sep=(.)\s*$/i
/** `Ana Diaz <ana@example.com>`, `"Diaz, Ana" <…>`, or an address alone, among others. */
const MAILBOX = /(?:"[^"]*"|[^<>;,"])*<[^<>]*@[^<>]*>|[^\s<>;,"]+@[^\s<>;,"]+/g

/**
 * Reads a list of people, TXT or CSV: an address in each line, with a name in a cell beside it or as `Ana Diaz <ana@example.com>`, or several people
 * in a line; commas, semicolons or tabs; with a line of titles or without. Empty lines are nothing, every other line is people or is refused. The
 * whole list is never held as rows.
 */
export function* readList(bytes: Uint8Array): Generator<ListRow> {
  let separator = ''
  let columns: Columns | undefined
  let row = 0
  for (const record of splitRecords(decodeText(bytes))) {
    const { line, text } = record
    if (text.trim() === '') continue
    const said = columns === undefined ? SEPARATOR_LINE.exec(text)?.[1] : undefined
    if (said !== undefined) {
      separator = said
      continue
    }
    if (separator === '') separator = separatorOf(text)
    const cells = cellsOf(text, separator)
    if (cells.every((cell) => cell === '')) continue
    if (columns === undefined) {
      columns = titlesOf(cells) ?? { names: [] }
      if (columns.address !== undefined) continue
    }
    for (const read of rowsOf(record, cells, columns)) {
      row += 1
      yield { row, line, ...read }
    }
  }
}

/** The one that the line has most of, outside of quotes. */
function separatorOf(text: string): string {
  const bare = text.replaceAll(/"[^"]*"/g, '')
  const counts = [';', '\t', ','].map((one) => ({ one, count: bare.split(one).length - 1 }))
  const [most] = counts.toSorted((a, b) => b.count - a.count)
  return most === undefined || most.count === 0 ? '' : most.one
}

function rowsOf({ text, isDoubtful }: ListRecord, cells: readonly string[], columns: Columns): readonly Read[] {
  const refused = (reason: RowReason): readonly Read[] => [{ reason, text: text.slice(0, SHOWN_UNITS_MAX) }]
  if (isDoubtful === true) return refused('open_quote')
  if (text.length > LINE_UNITS_MAX) return refused('too_long')
  if (text.includes('\uFFFD') || text.includes('\0')) return refused('unreadable')
  const looked = columns.address === undefined ? cells : [cells[columns.address] ?? '']
  const mailboxes = looked.flatMap(mailboxesIn)
  if (mailboxes.length > 1) return mailboxes.map((mailbox) => personOf(mailbox, ''))
  if (text.length > PERSON_UNITS_MAX) return refused('too_long')
  const [cell = ''] = columns.address === undefined ? mailboxes : looked
  if (cell === '') return refused('missing_address')
  const read = personOf(cell, nameOf(cells, columns))
  return 'reason' in read ? refused(read.reason) : [read]
}

/** The cell itself where it holds one address or what is none; each of several. */
function mailboxesIn(cell: string): readonly string[] {
  const signs = cell.split('@').length - 1
  if (signs === 0) return []
  const found = signs === 1 ? [] : (cell.match(MAILBOX) ?? [])
  return found.length > 1 ? found.map((mailbox) => mailbox.trim()) : [cell]
}

function personOf(cell: string, beside: string): Read {
  const { address: written, name: before } = mailboxOf(cell)
  try {
    const address = parseAttendeeAddress(written)
    const name = (beside === '' ? before : beside).slice(0, NAME_UNITS_MAX).trim()
    return { address, ...(name === '' ? {} : { name }) }
  } catch (error) {
    if (isFailure(error, 'invitation.bad_address'))
      return { reason: 'invalid_address', text: cell.slice(0, SHOWN_UNITS_MAX) }
    throw error
  }
}

/** `Ana Diaz <ana@example.com>`, `mailto:ana@example.com`, or the address alone. */
function mailboxOf(cell: string): { readonly address: string; readonly name: string } {
  const opens = cell.lastIndexOf('<')
  const closes = cell.indexOf('>', opens)
  if (opens < 0 || closes < 0) return { address: cell.replace(/^mailto:/i, ''), name: '' }
  return { address: cell.slice(opens + 1, closes), name: plainName(cell.slice(0, opens)) }
}

/** Without titles: the other cell with letters in it, where there is one only. Of several nobody can tell which is a name. */
function nameOf(cells: readonly string[], { address, names }: Columns): string {
  if (address !== undefined) return plainName(names.map((at) => cells[at] ?? '').join(' '))
  const others = cells.filter((cell) => /\p{L}/u.test(cell) && !cell.includes('@'))
  return others.length === 1 ? plainName(others[0] ?? '') : ''
}

function plainName(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^["'\s]+|["'\s]+$/g, '')
}
