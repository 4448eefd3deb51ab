import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import { attendeeWords } from './attendee-words.ts'

/** A letter; whoever writes more is asked to write to the organizer himself. */
const FORWARDED_CHARS_MAX = 4000

/**
 * Where the answered mail begins, as clients quote it: it holds the attendee's own links, which are nobody else's. `On … wrote:` may be folded
 * over two lines.
 */
const QUOTE_STARTS: readonly RegExp[] = [
  /^[ \t]*>/m,
  /^-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|mensaje original|message d'origine)/im,
  /^_{10,}[ \t]*$/m,
  /^(?:on|am|le|el|il|op)\s[^\n]{5,200}\n?[^\n]{0,120}(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef)[^\n]{0,80}:[ \t]*$/im,
  /^(?:from|von|de|da|van):\s[^\n]*\n(?:sent|gesendet|enviado|envoyé|to|an|date|datum|inviato|verzonden):\s/im,
]

/** Twice what is forwarded: what is behind it is cut anyway, and no pattern has long to look. */
const LOOKED_AT_CHARS = 2 * FORWARDED_CHARS_MAX
/** Tags take room. */
const HTML_CHARS = 8 * FORWARDED_CHARS_MAX

/** What was written by hand, without the mail that it answers and without any link or address of an attendee; undefined when nothing is left. */
export function forwardableText({ text, html }: Pick<DisassembledMail, 'text' | 'html'>): string | undefined {
  const written = (text ?? '').trim() === '' ? plain((html ?? '').slice(0, HTML_CHARS)) : (text ?? '')
  const lines = written.replaceAll(/\r\n?/g, '\n').trim().slice(0, LOOKED_AT_CHARS)
  const starts = QUOTE_STARTS.map((start) => lines.search(start)).filter((at) => at >= 0)
  const own = lines.slice(0, Math.min(lines.length, ...starts))
  return attendeeWords(withoutSecrets(own), FORWARDED_CHARS_MAX)
}

export function withoutSecrets(text: string): string {
  return text.replaceAll(/\S{20,}/g, (word) => (isSecret(word) ? '[…]' : word))
}

/** A link, an id or an address that lets somebody act in the attendee's name, or a part of one. Words without a digit are words. */
function isSecret(word: string): boolean {
  if (/\br-[0-9a-z]{20}|\/(?:answer|unsubscribe)\//i.test(word)) return true
  return (word.match(/[0-9a-z]{20,}/gi) ?? []).some((run) => /\d/.test(run))
}

/** Sanitised HTML as text; what it quotes is left out. Written into a mail it is escaped anew. */
function plain(html: string): string {
  return html
    .replaceAll(/<blockquote[\s\S]*/gi, '')
    .replaceAll(/<br\s*\/?>|<\/(?:p|div|li|h\d|tr)>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
