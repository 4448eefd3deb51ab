/** Control characters have no meaning in a title and break mail headers; tab and line feed stay. */
const CONTROLS = /(?![\t\n])\p{Cc}/gu

/** RFC 5545 §3.3.11, and the quotes and colons that old clients escape as well; other backslashes are text (`C:\temp`). */
const ESCAPES = /\\([nN\\;,:"])/g

export type CutText = { readonly text: string; readonly isCut: boolean }

/** A TEXT value decoded, without control characters, at most `charsMax` long and not ending in half a surrogate pair. */
export function readText(value: string, charsMax: number): CutText {
  // Escapes only shrink the text, so twice the limit is enough to look at.
  const raw = value.length > charsMax * 2 ? value.slice(0, charsMax * 2) : value
  const unescaped = raw.includes('\\')
    ? raw.replace(ESCAPES, (_, character: string) => (character === 'n' || character === 'N' ? '\n' : character))
    : raw
  const text = unescaped.replace(CONTROLS, '').trim()
  const isCut = text.length > charsMax || raw.length < value.length
  return { text: text.length > charsMax ? cutAt(text, charsMax) : text, isCut }
}

/** As readText, on one line: what a subject or a title can hold. */
export function readSingleLine(value: string, charsMax: number): CutText {
  const { text, isCut } = readText(value, charsMax)
  return { text: text.replaceAll(/\s+/g, ' '), isCut }
}

function cutAt(text: string, length: number): string {
  const last = text.charCodeAt(length - 1)
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, isHighSurrogate ? length - 1 : length)
}
