/** RFC 2047 §2: an encoded-word is at most 75 octets, a line that holds one at most 76. */
const WORD_LINE_OCTETS_MAX = 76

const WORD_START = '=?UTF-8?B?'
const WORD_END = '?='

/**
 * Text as encoded-words folded by CRLF SP; `column` is how much of the first line is taken. Base64, because a run of it is
 * denser for every script but Latin, and whole characters per word, because each word is decoded on its own (RFC 2047 §5).
 */
export function encodedWords(text: string, column: number): string {
  const words: string[] = []
  let chunk = ''
  let octets = 0
  let room = octetsInWord(column)
  for (const character of text) {
    const size = Buffer.byteLength(character)
    if (octets + size > room && octets > 0) {
      words.push(wordOf(chunk))
      chunk = ''
      octets = 0
      room = octetsInWord(1)
    }
    chunk += character
    octets += size
  }
  words.push(wordOf(chunk))
  return words.join('\r\n ')
}

/** Octets of text whose base64 fits a word on a line with `column` octets taken; at least one character's. */
function octetsInWord(column: number): number {
  const base64Octets = WORD_LINE_OCTETS_MAX - Math.max(column, 1) - WORD_START.length - WORD_END.length
  return Math.max(Math.floor(base64Octets / 4) * 3, 4)
}

function wordOf(chunk: string): string {
  return WORD_START + Buffer.from(chunk, 'utf8').toString('base64') + WORD_END
}
