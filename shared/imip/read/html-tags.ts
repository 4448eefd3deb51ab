import { ALLOWED_TAGS, VOID_TAGS } from './html-rules.ts'

export type TagKind = 'kept' | 'kept_void' | 'dropped' | 'dropped_void' | 'raw_text' | 'untaken'

/** Dropped with their content, which no parser reads as markup. */
const RAW_TEXT = ['script', 'style', 'title']
/** Parsers differ in the tree these make, or give them text rules of their own. */
const UNTAKEN = (
  'svg math textarea option optgroup select button form noscript noembed noframes iframe frameset object applet plaintext ' +
  'xmp template listing marquee datalist ruby rp rt rtc image caption colgroup details summary'
).split(' ')

const KINDS = new Map<string, TagKind>()
for (const tag of ALLOWED_TAGS) KINDS.set(tag, VOID_TAGS.has(tag) ? 'kept_void' : 'kept')
for (const tag of VOID_TAGS) if (!KINDS.has(tag)) KINDS.set(tag, 'dropped_void')
for (const tag of RAW_TEXT) KINDS.set(tag, 'raw_text')
for (const tag of UNTAKEN) KINDS.set(tag, 'untaken')

/** What our writer does with a tag; an unknown one is dropped and its content kept. */
export function tagKind(tag: string): TagKind {
  return KINDS.get(tag) ?? 'dropped'
}

const ROWS = 'tr td th thead tbody tfoot'.split(' ')
/** May stand in a paragraph or heading without ending it. */
const PHRASING: ReadonlySet<string> = new Set(
  'a b big br code em font i img s small span strong sub sup tt u wbr'.split(' '),
)
const NOTHING: ReadonlySet<string> = new Set()
const PARAGRAPHS: ReadonlySet<string> = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

function rowsBut(...kept: readonly string[]): ReadonlySet<string> {
  return new Set(ROWS.filter((tag) => !kept.includes(tag)))
}

/** Which start tags may end an open element (HTML §13.1.2.4). */
const ENDERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...['li', 'dt', 'dd'].map((tag): [string, ReadonlySet<string>] => [tag, new Set(['li', 'dt', 'dd'])]),
  ...['thead', 'tbody', 'tfoot'].map((tag): [string, ReadonlySet<string>] => [tag, rowsBut('tr')]),
  ['tr', rowsBut('td', 'th')],
  ['td', rowsBut()],
  ['th', rowsBut()],
  ['head', new Set(['body'])],
  ['a', new Set(['a'])],
])

/** True when a parser may end the open `outer` because `inner` begins. */
export function mayEnd(outer: string, inner: string): boolean {
  return PARAGRAPHS.has(outer) ? !PHRASING.has(inner) : (ENDERS.get(outer) ?? NOTHING).has(inner)
}
