import type { RawComponent, RawLine } from './components.ts'
import { PARAMETERS_CHARS_MAX } from './limits.ts'

/** A content line taken apart; parameter names upper case, RFC 6868 decoded; the value is as written. */
export type Property = {
  readonly name: string
  readonly params: ReadonlyMap<string, readonly string[]>
  readonly value: string
}

/** The first line of that name, or undefined; `onRepeat` is called when there are more (case 33: the first wins). */
export function firstLine(component: RawComponent, name: string, onRepeat?: () => void): RawLine | undefined {
  let found: RawLine | undefined
  for (const line of component.lines) {
    if (line.name !== name) continue
    if (found !== undefined) {
      onRepeat?.()
      break
    }
    found = line
  }
  return found
}

/** Parameters and value of a line (RFC 5545 §3.1). */
export function readProperty(line: RawLine): Property {
  const afterName = line.text.search(/[;:]/)
  if (line.text[afterName] === ':') return { name: line.name, params: NO_PARAMS, value: line.text.slice(afterName + 1) }
  const quoted = valueStart(line.text, afterName, true)
  const colon = quoted === -1 ? valueStart(line.text, afterName, false) : quoted
  if (colon === -1) return { name: line.name, params: NO_PARAMS, value: '' }
  const params = readParams(line.text.slice(afterName + 1, Math.min(colon, afterName + PARAMETERS_CHARS_MAX)))
  return { name: line.name, params, value: line.text.slice(colon + 1) }
}

/**
 * As readProperty, for a line whose value is a calendar address. The value begins at the last `:mailto:`, because `CN=Foo:Bar`
 * and names with stray quotes are common and would otherwise end up in the address (case 30).
 */
export function readAddressProperty(line: RawLine): Property {
  const text = line.text.length > PARAMETERS_CHARS_MAX ? line.text.slice(0, PARAMETERS_CHARS_MAX) : line.text
  const colon = text.toLowerCase().lastIndexOf(':mailto:')
  if (colon === -1) return readProperty({ name: line.name, text })
  const semicolon = text.indexOf(';')
  const hasParams = semicolon !== -1 && semicolon < colon
  const params = hasParams ? readParams(text.slice(semicolon + 1, colon)) : NO_PARAMS
  return { name: line.name, params, value: text.slice(colon + 1) }
}

const NO_PARAMS: ReadonlyMap<string, readonly string[]> = new Map()

/** Where the value's colon is; -1 when `respectQuotes` and a quote never closes. */
function valueStart(text: string, from: number, respectQuotes: boolean): number {
  if (!respectQuotes) return text.indexOf(':', from)
  const end = Math.min(text.length, from + PARAMETERS_CHARS_MAX)
  let isQuoted = false
  for (let index = from; index < end; index += 1) {
    const character = text.charCodeAt(index)
    if (character === 0x22) isQuoted = !isQuoted
    else if (character === 0x3a && !isQuoted) return index
  }
  return -1
}

function readParams(text: string): ReadonlyMap<string, readonly string[]> {
  const params = new Map<string, readonly string[]>()
  for (const part of splitUnquoted(text, ';')) {
    const equals = part.indexOf('=')
    if (equals <= 0) continue
    const name = part.slice(0, equals).trim().toUpperCase()
    if (!params.has(name)) params.set(name, splitUnquoted(part.slice(equals + 1), ',').map(readParamValue))
  }
  return params
}

/** A quote that never closes is taken as a plain character, so that it cannot swallow the parameters after it. */
function splitUnquoted(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator)
  const parts: string[] = []
  let start = 0
  let quoteAt = -1
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (character === '"') quoteAt = quoteAt === -1 ? text.indexOf('"', index + 1) : -1
    else if (character === separator && (quoteAt === -1 || quoteAt < index)) {
      parts.push(text.slice(start, index))
      start = index + 1
      quoteAt = -1
    }
  }
  parts.push(text.slice(start))
  return parts
}

function readParamValue(text: string): string {
  const plain = text.includes('"') ? text.replaceAll(/\\?"/g, '') : text
  if (!plain.includes('^')) return plain
  return plain.replaceAll(/\^[n'^]/g, (pair) => (pair === '^n' ? '\n' : pair === "^'" ? '"' : '^'))
}
