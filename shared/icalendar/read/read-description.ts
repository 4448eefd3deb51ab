import type { CalendarContext } from './calendar-context.ts'
import type { RawComponent } from './components.ts'
import { DESCRIPTION_CHARS_MAX, HTML_CHARS_MAX } from './limits.ts'
import { firstLine, type Property, readProperty } from './property.ts'
import { cleanHtml, looksLikeHtml, textOfCleanHtml } from './read-html.ts'
import { readText } from './read-text.ts'

export type ReadDescription = { readonly description?: string; readonly descriptionHtml?: string }

/** DESCRIPTION as plain text, and its HTML form from wherever the client put it (case 28), sanitised. */
export function readDescription(component: RawComponent, ctx: CalendarContext): ReadDescription {
  const line = firstLine(component, 'DESCRIPTION', () => ctx.warn('repeated_property'))
  const property = line === undefined ? undefined : readProperty(line)
  const written = property === undefined ? '' : cut(property.value, DESCRIPTION_CHARS_MAX, ctx)
  const isHtml = looksLikeHtml(written)
  const html = isHtml ? htmlOfText(property?.value ?? '', ctx) : altHtml(component, property, ctx)
  const clean = html === undefined ? undefined : cleanHtml(html)
  const plain = isHtml || written === '' ? (clean === undefined ? '' : textOfCleanHtml(clean)) : written
  return {
    ...(plain !== '' && { description: plain }),
    ...(clean !== undefined && { descriptionHtml: clean }),
  }
}

/** Google mixes tags with real line breaks; they are breaks in its own view. */
function htmlOfText(value: string, ctx: CalendarContext): string {
  const html = cut(value, HTML_CHARS_MAX, ctx)
  return /<(?:p|div|table|html|body)\b/i.test(html) ? html : html.replaceAll('\n', '<br>')
}

/** X-ALT-DESC of Outlook, or the `data:` ALTREP of Thunderbird. */
function altHtml(component: RawComponent, description: Property | undefined, ctx: CalendarContext): string | undefined {
  const line = firstLine(component, 'X-ALT-DESC')
  const property = line === undefined ? undefined : readProperty(line)
  if (property !== undefined && /^text\/html$/i.test(property.params.get('FMTTYPE')?.[0] ?? '')) {
    return cut(property.value, HTML_CHARS_MAX, ctx)
  }
  const altrep = description?.params.get('ALTREP')?.join(',') ?? ''
  const data = /^data:text\/html(?:;charset=[\w-]+)?,(.*)$/is.exec(altrep)?.[1]
  return data === undefined ? undefined : percentDecoded(data)
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

function cut(value: string, charsMax: number, ctx: CalendarContext): string {
  const { text, isCut } = readText(value, charsMax)
  if (isCut) ctx.warn('text_truncated')
  return text
}
