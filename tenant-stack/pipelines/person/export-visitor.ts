import type { AttributeValue, TableItem } from '#shared/platform/table.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { isNamedInBytes, linesOf } from '#tenant-stack/core/person/named-in-bytes.ts'
import type { Person } from '#tenant-stack/core/person/person.ts'
import { kindOfRow, type PersonKind } from '#tenant-stack/core/person/row-kind.ts'
import { kindOfBlob } from './count-visitor.ts'
import { findBlob } from './find-blob.ts'
import { nothing, type Visited, type Visitor } from './visitor.ts'

/** A part is a row, and a row at most 400 KB. */
const PART_UNITS = 100_000
/** Of one record; what is larger is told without its content. */
const RECORD_UNITS_MAX = 90_000

/** Of our own wiring, or secrets: nothing about a person. */
const LEFT_OUT = new Set(['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk', 'resume', 'sweeps', 'token', 'fence'])

/** Rows that are another person's, or of many: of them only where he is named is written out (GDPR Art. 15 (4)). */
const OF_OTHERS: ReadonlySet<PersonKind> = new Set(['mentions', 'exports', 'requests'])

export type PersonRecord = {
  readonly kind: PersonKind
  readonly data: { readonly [name: string]: AttributeValue }
}

/** Writes out what is held about a person: records go with the page's progress, so that each is in the file once. */
export function exportVisitor(ctx: Ctx, person: Person): Visitor {
  return {
    rows: async (items) => kept(items.flatMap((item) => recordOf(ctx, person, item))),
    async blob(key) {
      const bytes = await findBlob(ctx, key)
      if (bytes === undefined || !isNamedInBytes(person, bytes)) return nothing
      const kind = kindOfBlob(key)
      if (kind === 'list_files') return kept([{ kind, data: { lines: linesOf(person, bytes) } }])
      if (kind === 'event_files') return kept([{ kind, data: { named_in: key } }])
      // What others wrote, a whole list perhaps, is theirs.
      if (!isFrom(person, bytes)) return kept([{ kind, data: { named_in: key } }])
      const content = Buffer.from(bytes).toString('base64')
      return kept([bounded({ kind, data: { mail: key, size_bytes: bytes.byteLength, content_base64: content } })])
    },
    sent: async () => nothing,
  }
}

function kept(records: readonly PersonRecord[]): Visited {
  return { isDirty: records.length > 0, kinds: records.map(({ kind }) => kind), parts: joined(records) }
}

/** Whether the field From of a mail names a person. */
function isFrom(person: Person, bytes: Uint8Array): boolean {
  const [head = ''] = Buffer.from(bytes)
    .toString('latin1')
    .split(/\r?\n\r?\n/, 1)
  const from = /^From:.*$/im.exec(head.replaceAll(/\r?\n[ \t]/g, ' '))?.[0]
  return from !== undefined && person.isNamedIn(from)
}

/** Rows of mail of others that names him are theirs as well. */
function isOfOthers(person: Person, kind: PersonKind, { from, envelopeFrom }: TableItem): boolean {
  if (kind !== 'received_mails') return OF_OTHERS.has(kind)
  return ![from, envelopeFrom].some((path) => typeof path === 'string' && person.isNamedIn(path))
}

function recordOf(ctx: Ctx, person: Person, item: TableItem): readonly PersonRecord[] {
  const kind = kindOfRow(ctx, person, item)
  if (kind === undefined || kind === 'exports') return []
  const entries = Object.entries(item).flatMap(([name, value]) =>
    value === undefined || LEFT_OUT.has(name) ? [] : [[name, value] as const],
  )
  if (!isOfOthers(person, kind, item)) return [bounded({ kind, data: Object.fromEntries(entries) })]
  const named = entries.filter(([, value]) => person.isNamedIn(JSON.stringify(value))).map(([name]) => name)
  return [{ kind, data: { row: item.pk.split('#')[0] ?? '', named_in: named } }]
}

function bounded({ kind, data }: PersonRecord): PersonRecord {
  if (JSON.stringify(data).length <= RECORD_UNITS_MAX) return { kind, data }
  const short = Object.entries(data).filter(([, value]) => JSON.stringify(value).length <= 1000)
  return { kind, data: { ...Object.fromEntries(short), is_content_left_out: true } }
}

/** JSON records, one a line, in texts that fit a row each. */
function joined(records: readonly PersonRecord[]): readonly string[] {
  const texts: string[] = []
  let open = ''
  for (const record of records) {
    const line = `${JSON.stringify(record)}\n`
    if (open !== '' && open.length + line.length > PART_UNITS) {
      texts.push(open)
      open = ''
    }
    open += line
  }
  return open === '' ? texts : [...texts, open]
}
