import { clip } from '../clip.ts'

/** A few paragraphs; the whole mail is kept elsewhere. */
export const WORDS_CHARS_MAX = 2000

/** Controls but line end and tab, and what turns the direction of the text around it: none of them is a word, all can mislead who reads. */
const CONTROLS = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu

/** What an attendee wrote beside his answer, fit to be shown; undefined when nothing is left of it. */
export function attendeeWords(text: string | undefined): string | undefined {
  const words = clip((text ?? '').replaceAll(/\r\n?/g, '\n').replaceAll(CONTROLS, '').trim(), WORDS_CHARS_MAX)
  return words === '' ? undefined : words
}
