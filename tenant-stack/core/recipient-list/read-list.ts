import { isFailure } from '#shared/errors/failure.ts'
import { parseAttendeeAddress } from '../invitation/attendee-address.ts'
import { decodeText } from './decode-text.ts'
import { cellsOf, type ListRecord, RECORD_UNITS_MAX, splitRecords } from './split-records.ts'

/** A line of a list: a person, or why it is none. */
export type ListRow =
  | { readonly line: number; readonly address: string; readonly name?: string }
  | { readonly line: number; readonly reason: RowReason; readonly text: string }

export type RowReason = 'missing_address' | 'invalid_address' | 'too_long' | 'unreadable'

/** Of what was refused, as it is shown to a person. */
const SHOWN_UNITS_MAX = 200
const NAME_UNITS_MAX = 200

type Columns = { readonly address?: number; readonly names: readonly number[] }

const ADDRESS_TITLES =
  /^(?:e-?mail(?:[ _-]?address)?|address|mail|e-?mail-?adresse|courriel|adresse(?: e-?mail)?|correo(?: electr[oó]nico)?|email id)$/i
const NAME_TITLES =
  /^(?:(?:full|display|first|given|last|family)?[ _-]?name|surname|vorname|nachname|pr[eé]nom|nom|nombre|apellidos?|attendee|guest)$/i

/**
 * Reads a list of people, TXT or CSV: an address in each line, with a name in a cell beside it or as `Ana Diaz <ana@example.com>`; commas,
 * semicolons or tabs; with a line of titles or without. Empty lines are nothing. The whole list is never held as rows.
 */
export function* readList(bytes: Uint8Array): Generator<ListRow> {
  let separator: string | undefined
  let columns: Columns | undefined
  for (const record of splitRecords(decodeText(bytes))) {
    if (record.text.trim() === '') continue
    separator ??= separatorOf(record.text)
    const cells = cellsOf(record.text, separator)
    if (cells.every((cell) => cell === '')) continue
    if (columns === undefined) {
      columns = titlesOf(cells) ?? { names: [] }
      if (columns.address !== undefined) continue
    }
    yield rowOf(record, cells, columns)
  }
}

/** The one that the first line has most of, outside of quotes. */
function separatorOf(text: string): string {
  const bare = text.replaceAll(/"[^"]*"/g, '')
  const counts = [';', '\t', ','].map((one) => ({ one, count: bare.split(one).length - 1 }))
  const [most] = counts.toSorted((a, b) => b.count - a.count)
  return most === undefined || most.count === 0 ? '' : most.one
}

/** A first line without an address whose cells are titles that we know. */
function titlesOf(cells: readonly string[]): Columns | undefined {
  if (cells.some((cell) => cell.includes('@'))) return undefined
  const address = cells.findIndex((cell) => ADDRESS_TITLES.test(cell))
  if (address < 0) return undefined
  return { address, names: cells.flatMap((cell, at) => (at !== address && NAME_TITLES.test(cell) ? [at] : [])) }
}

function rowOf({ line, text }: ListRecord, cells: readonly string[], columns: Columns): ListRow {
  const refused = (reason: RowReason): ListRow => ({ line, reason, text: text.slice(0, SHOWN_UNITS_MAX) })
  if (text.length > RECORD_UNITS_MAX) return refused('too_long')
  if (text.includes('\uFFFD') || text.includes('\0')) return refused('unreadable')
  const at = columns.address ?? cells.findIndex((cell) => cell.includes('@'))
  const cell = at < 0 ? '' : (cells[at] ?? '')
  if (cell === '') return refused('missing_address')
  const { address: written, name: before } = mailboxOf(cell)
  const beside =
    columns.address === undefined ? nameBeside(cells, at) : joined(columns.names.map((one) => cells[one] ?? ''))
  try {
    const address = parseAttendeeAddress(written)
    const name = (beside === '' ? before : beside).slice(0, NAME_UNITS_MAX).trim()
    return { line, address, ...(name === '' ? {} : { name }) }
  } catch (error) {
    if (isFailure(error, 'invitation.bad_address')) return refused('invalid_address')
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

/** Without titles: the first other cell that looks like a name. */
function nameBeside(cells: readonly string[], addressAt: number): string {
  return plainName(cells.find((cell, at) => at !== addressAt && /\p{L}/u.test(cell) && !cell.includes('@')) ?? '')
}

function joined(names: readonly string[]): string {
  return plainName(names.filter((name) => name !== '').join(' '))
}

function plainName(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^["'\s]+|["'\s]+$/g, '')
}
