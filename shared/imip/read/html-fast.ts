import { attributesAt } from './html-attributes.ts'
import { mayEnd, tagKind } from './html-tags.ts'
import { cleanText } from './html-text.ts'
import { HTML_DEPTH_MAX } from './limits.ts'

/** Only the form that every parser reads alike. */
const DOCTYPE = /<!doctype[ a-z0-9"'/:.\-_\r\n]{0,200}>/iy
const GREATER = 0x3e
const SLASH = 0x2f
const COLON = 0x3a

/** Offset after the letters, digits and colons of a tag name. */
function nameEnd(html: string, from: number): number {
  let at = from
  for (; at < html.length; at++) {
    const code = html.charCodeAt(at)
    const lower = code | 0x20
    const isLetter = lower >= 0x61 && lower <= 0x7a
    if (!isLetter && (at === from || !((code >= 0x30 && code <= 0x39) || code === COLON))) return at
  }
  return at
}

/** Offset after the comment or doctype that begins at `at`; -1 when it is neither, or not plain. */
function afterMarkup(html: string, at: number): number {
  if (!html.startsWith('<!--', at)) {
    DOCTYPE.lastIndex = at
    return DOCTYPE.test(html) ? DOCTYPE.lastIndex : -1
  }
  const end = html.indexOf('-->', at + 4)
  if (end === -1) return -1
  // Browsers end a comment early at these.
  const isOdd =
    html.startsWith('>', at + 4) || html.startsWith('->', at + 4) || html.slice(at + 4, end).includes('--!>')
  return isOdd ? -1 : end + 3
}

/** Offset after `</tag>` of an element whose start tag ends at `from`. */
function afterRawText(html: string, from: number, tag: string): number {
  if (html.charCodeAt(from) !== GREATER) return -1
  const close = new RegExp(`</${tag}>`, 'gi')
  close.lastIndex = from
  return close.test(html) ? close.lastIndex : -1
}

/** Offset after the `>` that ends a tag whose attributes end at `at`; a void one may write `/>`; -1 for anything else. */
function afterTag(html: string, at: number, isVoid: boolean): number {
  if (html.charCodeAt(at) === GREATER) return at + 1
  return isVoid && html.charCodeAt(at) === SLASH && html.charCodeAt(at + 1) === GREATER ? at + 2 : -1
}

/**
 * The sanitizer's answer for plainly balanced HTML, byte for byte, at a fraction of its cost; undefined for anything else, which
 * is then the library's. Safe whatever it is given: it writes only allowed tags, checked attributes and escaped text.
 */
export function sanitizePlainHtml(html: string): string | undefined {
  const stack: string[] = []
  let out = ''
  for (let at = 0; at < html.length; ) {
    const tagAt = html.indexOf('<', at)
    const text = cleanText(tagAt === -1 ? html.slice(at) : html.slice(at, tagAt))
    if (text === undefined) return undefined
    out += text
    if (tagAt === -1) break
    const isEnd = html.charCodeAt(tagAt + 1) === SLASH
    const nameFrom = isEnd ? tagAt + 2 : tagAt + 1
    const nameTo = nameEnd(html, nameFrom)
    if (nameTo === nameFrom) {
      at = afterMarkup(html, tagAt)
      if (at === -1) return undefined
      continue
    }
    const tag = html.slice(nameFrom, nameTo).toLowerCase()
    const kind = tagKind(tag)
    if (kind === 'untaken') return undefined
    if (isEnd) {
      if (html.charCodeAt(nameTo) !== GREATER || stack.pop() !== tag) return undefined
      if (kind === 'kept') out += '</' + tag + '>'
      at = nameTo + 1
      continue
    }
    const list = attributesAt(html, nameTo, tag)
    if (!list) return undefined
    if (kind === 'raw_text') {
      at = afterRawText(html, list.end, tag)
      if (at === -1) return undefined
      continue
    }
    const isVoid = kind === 'kept_void' || kind === 'dropped_void'
    const outer = stack.at(-1)
    at = afterTag(html, list.end, isVoid)
    if (at === -1 || (outer !== undefined && mayEnd(outer, tag))) return undefined
    if (kind === 'kept') out += '<' + tag + list.written + '>'
    else if (kind === 'kept_void') out += '<' + tag + ' />'
    if (!isVoid && stack.push(tag) > HTML_DEPTH_MAX) return undefined
  }
  return stack.length === 0 ? out : undefined
}
