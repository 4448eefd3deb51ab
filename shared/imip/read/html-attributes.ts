import { ALLOWED_ATTRIBUTES, ALLOWED_LINK } from './html-rules.ts'
import { cleanLink } from './html-text.ts'

/** Only the forms on which every HTML parser agrees. */
const ATTRIBUTE = /[ \t\r\n]+([A-Za-z_][A-Za-z0-9_:.-]*)(?:=(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'=<>`/]+)))?/y
const LAST_BLANKS = /[ \t\r\n]*/y

/** The kept attributes as they are written out, and where the list ends (at `>` or `/`). */
export type AttributeList = { readonly written: string; readonly end: number }

const QUOTE = 0x22
const APOSTROPHE = 0x27
const EQUALS = 0x3d
const SLASH = 0x2f
const GREATER = 0x3e

/** HTML's white space, without the form feed that readers treat differently. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

/** Steps over a list of which nothing is kept; -1 when its quotes do not stand plainly round whole values. */
function skipList(html: string, from: number): number {
  for (let i = from; i < html.length; i++) {
    const code = html.charCodeAt(i)
    if (code === GREATER) return html.charCodeAt(i - 1) === SLASH ? i - 1 : i
    if (code === 0x3c || code === 0x60) return -1
    if (code === EQUALS) {
      const before = html.charCodeAt(i - 1)
      if (before === EQUALS || isBlank(before)) return -1
    } else if (code === QUOTE || code === APOSTROPHE) {
      if (html.charCodeAt(i - 1) !== EQUALS) return -1
      i = html.indexOf(code === QUOTE ? '"' : "'", i + 1)
      const after = html.charCodeAt(i + 1)
      if (i === -1 || !(isBlank(after) || after === GREATER || after === SLASH)) return -1
    }
  }
  return -1
}

/** Reads the attributes of a start tag whose name ends at `from`; undefined when they are not plain. */
export function attributesAt(html: string, from: number, tag: string): AttributeList | undefined {
  if (html.charCodeAt(from) === GREATER) return { written: '', end: from }
  if (!isBlank(html.charCodeAt(from)) && html.charCodeAt(from) !== SLASH) return undefined
  const allowed = ALLOWED_ATTRIBUTES[tag]
  if (!allowed) {
    const end = skipList(html, from)
    return end === -1 ? undefined : { written: '', end }
  }
  const kept = new Set<string>()
  let written = ''
  let end = from
  for (;;) {
    ATTRIBUTE.lastIndex = end
    const match = ATTRIBUTE.exec(html)
    if (!match) break
    end += match[0].length
    const name = (match[1] ?? '').toLowerCase()
    if (!allowed.includes(name)) continue
    const value = match[2] ?? match[3] ?? match[4] ?? ''
    const clean = name === 'href' ? cleanHref(value) : /^[0-9]{1,4}$/.test(value) ? value : undefined
    if (clean === undefined || kept.has(name)) return undefined
    kept.add(name)
    written += ` ${name}="${clean}"`
  }
  LAST_BLANKS.lastIndex = end
  return { written, end: end + (LAST_BLANKS.exec(html)?.[0].length ?? 0) }
}

function cleanHref(value: string): string | undefined {
  return ALLOWED_LINK.test(value) ? cleanLink(value) : undefined
}
