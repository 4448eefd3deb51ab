import { DESCRIPTION_CHARS_MAX, HTML_CHARS_MAX } from './limits.ts'

/** Structure and emphasis only: no images (they track), no styles (they hide text), no forms, no frames. */
const ALLOWED_TAGS =
  'p br div span b strong i em u s sub sup small ul ol li dl dt dd a h1 h2 h3 h4 h5 h6 blockquote pre code hr table thead tbody tr td th'.split(
    ' ',
  )

/** A tag that only HTML mail has; `a < b` and `<https://…>` are plain text. */
const HTML_TAG = /<\/?(?:html|body|p|div|br|span|b|i|u|a|strong|em|ul|ol|li|table|h[1-6]|font)(?:\s[^<>]*)?\/?>/i

/** True when a DESCRIPTION was written as HTML, as Google and some Outlooks do (case 28). */
export function looksLikeHtml(text: string): boolean {
  return text.includes('<') && HTML_TAG.test(text)
}

type SanitizeHtml = typeof import('sanitize-html')

/** Takes longer to load than all the rest of the reader, and few calendars need it. */
let sanitizeHtml: SanitizeHtml | undefined

const LESS = 0x3c
const PERCENT = 0x25

/** To be awaited before a text is read: HTML shows `<`, or `%3C` in an ALTREP, in every charset that may come. */
export async function prepareHtmlFor(bytes: Uint8Array): Promise<void> {
  if (sanitizeHtml !== undefined || !(bytes.includes(LESS) || bytes.includes(PERCENT))) return
  sanitizeHtml = (await import('sanitize-html')).default
}

/** HTML reduced to the allow-list; undefined when nothing is left. Needs `prepareHtmlFor`. */
export function cleanHtml(html: string): string | undefined {
  if (sanitizeHtml === undefined) throw new Error('prepareHtmlFor was not awaited')
  const clean = sanitizeHtml(html.slice(0, HTML_CHARS_MAX), {
    allowedTags: ALLOWED_TAGS,
    allowedAttributes: { a: ['href'] },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowProtocolRelative: false,
    nestingLimit: 50,
  }).trim()
  return clean === '' ? undefined : clean
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' }

/** Plain text of HTML that came out of cleanHtml, where only four entities and well-formed tags are left. */
export function textOfCleanHtml(html: string): string {
  return html
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<br ?\/?>|<hr ?\/?>|<\/(?:p|div|li|tr|h[1-6]|blockquote|pre|ul|ol|table)>/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:amp|lt|gt|quot);/g, (entity) => ENTITIES[entity] ?? entity)
    .replaceAll(/\u00a0/g, ' ')
    .replaceAll(/ *\n */g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, DESCRIPTION_CHARS_MAX)
}
