import type { AttributeValue, Condition, TableItem, WriteOperation } from '#shared/platform/table.ts'
import type { Person } from './person.ts'
import type { PersonKind } from './row-kind.ts'

/** Rows that are his alone, and that nothing counts on. */
const WHOLE: ReadonlySet<PersonKind> = new Set(['letters', 'requests', 'exports'])

/** What else of a row tells of him. */
const ALSO: Partial<Readonly<Record<PersonKind, readonly string[]>>> = {
  invitations: ['name', 'comment', 'answeredBy'],
  answers: ['comment', 'note'],
  proposals: ['comment'],
  suppressions: ['detail'],
  received_mails: ['from', 'subject', 'messageId', 'confirmedAddress'],
}

/** Attributes that move with every change of what they stand beside. */
const VERSIONS = ['version', 'answerVersion', 'turn', 'count', 'state', 'fence', 'gsi2sk']

/**
 * The write that takes a person out of a row; undefined when nothing of him is left in it. It holds only while the row is as it was read: who
 * writes to it meanwhile is not overwritten, and the next pass finds the row again.
 */
export function planRow(person: Person, kind: PersonKind, item: TableItem, now: number): WriteOperation | undefined {
  const key = { pk: item.pk, sk: item.sk }
  if (WHOLE.has(kind) || person.isNamedIn(`${item.pk} ${item.sk}`) || item.pk.startsWith('replyof#'))
    return { kind: 'delete', key, when: { row: 'present' } }
  const remove = (ALSO[kind] ?? []).filter((name) => item[name] !== undefined)
  const set: Record<string, AttributeValue> = {}
  for (const [name, value] of Object.entries(item)) {
    if (value === undefined || remove.includes(name)) continue
    const redacted = redactedOf(person, value)
    if (JSON.stringify(redacted) !== JSON.stringify(value)) set[name] = redacted
  }
  Object.assign(set, marksOf(person, kind, item, now))
  if (Object.keys(set).length === 0 && remove.length === 0) return undefined
  // Of what is no plain value no condition can be made: by this a twin comes second.
  const { redactions } = item
  set.redactions = typeof redactions === 'number' ? redactions + 1 : 1
  return {
    kind: 'update',
    key,
    set,
    ...(remove.length === 0 ? {} : { remove }),
    when: { allOf: [{ row: 'present' }, ...asRead(item, [...Object.keys(set), ...remove])] },
  }
}

/** What is set whether or not the row names him: who answers for him by another address is told by the row's key. */
function marksOf(
  { pseudonym }: Person,
  kind: PersonKind,
  item: TableItem,
  now: number,
): Readonly<Record<string, AttributeValue>> {
  if (kind === 'invitations') {
    // An answer that is being written meanwhile is decided anew, and finds nobody.
    const answerVersion = Number(item.answerVersion ?? 0) + 1
    return item.erasedAt === undefined ? { address: pseudonym, erasedAt: now, answerVersion } : {}
  }
  if (kind === 'reply_addresses') return item.erasedAt === undefined ? { erasedAt: now } : {}
  if (kind === 'list_rows') return item.text === '' ? {} : { text: '' }
  if (kind === 'proposals') return item.proposedBy === pseudonym ? {} : { proposedBy: pseudonym }
  const { answeredBy } = item
  if (kind !== 'answers' || !isRecord(answeredBy) || answeredBy.address === pseudonym) return {}
  return { answeredBy: { ...answeredBy, address: pseudonym } }
}

function redactedOf(person: Person, value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return person.redact(value)
  if (isList(value)) return value.map((one) => redactedOf(person, one))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [person.redact(name), redactedOf(person, one)]))
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value)
}

function isRecord(value: AttributeValue | undefined): value is { readonly [name: string]: AttributeValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asRead(item: TableItem, changed: readonly string[]): readonly Condition[] {
  return [...new Set([...changed, ...VERSIONS])].flatMap((attribute): readonly Condition[] => {
    const value = item[attribute]
    if (value === undefined) return changed.includes(attribute) ? [{ attribute, is: 'absent' }] : []
    return typeof value === 'object' ? [] : [{ attribute, is: '=', value }]
  })
}
