import { Buffer } from 'node:buffer'
import { nestsDeeper } from './html-depth.ts'
import { sanitizePlainHtml } from './html-fast.ts'
import { ALLOWED_ATTRIBUTES, ALLOWED_LINK, ALLOWED_TAGS, DROPPED_WITH_CONTENT } from './html-rules.ts'
import { limitUtf8 } from './limit-text.ts'
import { HTML_BYTES_MAX, HTML_DEPTH_MAX, HTML_TAGS_MAX } from './limits.ts'

/** The first cut is made to measure; a second one covers text that grows unevenly. */
const TRIES = 3

/**
 * A mail's HTML reduced to the allow-list, at most HTML_BYTES_MAX in UTF-8; undefined when it is too deep or too rich in tags
 * to be read in time, or cannot be cut to size.
 */
export async function sanitizeBodyHtml(html: string): Promise<string | undefined> {
  let input = limitUtf8(html, HTML_BYTES_MAX)
  for (let i = 0; i < TRIES; i++) {
    const clean = sanitizePlainHtml(input) ?? (await sanitizeByLibrary(input))
    if (clean === undefined) return undefined
    const bytes = Buffer.byteLength(clean)
    if (bytes <= HTML_BYTES_MAX) return clean
    // Escaping and closed tags made it longer: cut by as much, and a tenth for safety.
    input = input.slice(0, Math.floor((input.length * 0.9 * HTML_BYTES_MAX) / bytes))
  }
  return undefined
}

function hasTooManyTags(html: string): boolean {
  let count = 0
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) {
    if (++count > HTML_TAGS_MAX) return true
  }
  return false
}

/** The one call of sanitize-html for mail bodies: what our plain writer leaves, and its oracle in tests. Loaded when first needed. */
export async function sanitizeByLibrary(html: string): Promise<string | undefined> {
  if (hasTooManyTags(html) || nestsDeeper(html, HTML_DEPTH_MAX)) return undefined
  const { default: sanitizeHtml } = await import('sanitize-html')
  try {
    return sanitizeHtml(html, {
      allowedTags: [...ALLOWED_TAGS],
      allowedAttributes: Object.fromEntries(
        Object.entries(ALLOWED_ATTRIBUTES).map(([tag, names]) => [tag, [...names]]),
      ),
      allowedSchemes: ['http', 'https', 'mailto'],
      allowProtocolRelative: false,
      nonTextTags: [...DROPPED_WITH_CONTENT],
      transformTags: { a: (tagName, attribs) => ({ tagName, attribs: linkOf(attribs) }) },
    })
  } catch (cause) {
    // A third-party parser may fail on hostile text in ways we cannot name; no HTML is then shown, the plain text remains.
    if (!(cause instanceof Error)) throw cause
    return undefined
  }
}

function linkOf(attribs: Readonly<Record<string, string>>): Record<string, string> {
  const href = attribs.href
  return href !== undefined && ALLOWED_LINK.test(href) ? { href } : {}
}
