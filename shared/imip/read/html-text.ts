/** The only references decoded here; any other is the library's to know. */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&amp;'],
  ['lt', '&lt;'],
  ['gt', '&gt;'],
  ['quot', '"'],
  ['nbsp', '\u00a0'],
  ['copy', '\u00a9'],
  ['reg', '\u00ae'],
  ['bull', '\u2022'],
  ['middot', '\u00b7'],
  ['ndash', '\u2013'],
  ['mdash', '\u2014'],
  ['hellip', '\u2026'],
  ['zwnj', '\u200c'],
])
/** The longest reference known here, without `&` and `;`. */
const NAME_CHARACTERS_MAX = 8

/** A numeric reference as it is written in clean HTML; undefined outside the plain ranges. */
function numeric(code: number): string | undefined {
  if (code === 0x26) return '&amp;'
  if (code === 0x3c) return '&lt;'
  if (code === 0x3e) return '&gt;'
  // 128 to 159 are remapped, surrogates are not letters.
  return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0xd800) ? String.fromCharCode(code) : undefined
}

/** Text without `<` as clean HTML writes it: references decoded, `&` and `>` escaped. Undefined for a reference not plainly known. */
export function cleanText(text: string): string | undefined {
  const first = text.indexOf('&')
  if (first === -1) return text.includes('>') ? text.replaceAll('>', '&gt;') : text
  let clean = ''
  let plainFrom = 0
  for (let at = first; at !== -1; at = text.indexOf('&', plainFrom)) {
    clean += text.slice(plainFrom, at).replaceAll('>', '&gt;')
    // Looked for only this far: a search to the end for each `&` would be quadratic.
    const name = text.slice(at + 1, at + 2 + NAME_CHARACTERS_MAX)
    const length = name.indexOf(';')
    const reference = length === -1 ? undefined : referenceText(name.slice(0, length))
    // A bare `&` is text, unless old parsers read the letters after it as a reference without its semicolon.
    if (reference === undefined && /[A-Za-z0-9#]/.test(text[at + 1] ?? '')) return undefined
    clean += reference ?? '&amp;'
    plainFrom = reference === undefined ? at + 1 : at + 2 + length
  }
  return clean + text.slice(plainFrom).replaceAll('>', '&gt;')
}

function referenceText(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES.get(name)
  return /^#\d{2,5}$/.test(name) ? numeric(Number(name.slice(1))) : undefined
}

/** A web or mail address as an attribute value; in one, `&name=` is how every mailer writes a query. */
export function cleanLink(value: string): string | undefined {
  const clean = cleanText(value)
  return clean !== undefined && /^[\x21-\x7e]+$/.test(clean) ? clean.replaceAll('"', '&quot;') : undefined
}
