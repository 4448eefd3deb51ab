/** RFC 2045 §6.7: octets of an encoded line without its CRLF, the soft break's `=` included. */
const LINE_OCTETS_MAX = 76

/**
 * Text as quoted-printable in UTF-8 with CRLF line ends; NUL, which no text holds and many servers refuse, is dropped.
 * `isContinued` leaves room for a soft break after it.
 */
export function quotedPrintable(text: string, isContinued = false): string {
  const lines = text
    .toWellFormed()
    .replaceAll('\0', '')
    .split(/\r\n|\r|\n/)
  return lines.map((line, index) => softWrapped(octetsOf(line), isContinued && index === lines.length - 1)).join('\r\n')
}

/** The octets of one line, each as it stands in quoted-printable: itself or `=XX`. */
function octetsOf(line: string): string[] {
  const octets = Array.from(Buffer.from(line, 'utf8'), encodedOctet)
  const last = octets.at(-1)
  // White space at the end of a line is dropped on the way (RFC 2045 §6.7 rule 3).
  if (last === ' ') octets[octets.length - 1] = '=20'
  if (last === '\t') octets[octets.length - 1] = '=09'
  return octets
}

function encodedOctet(octet: number): string {
  const isPlain = (octet >= 0x20 && octet <= 0x7e && octet !== 0x3d) || octet === 0x09
  return isPlain ? String.fromCharCode(octet) : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`
}

function softWrapped(octets: readonly string[], isContinued: boolean): string {
  let wrapped = ''
  let used = 0
  for (const [index, octet] of octets.entries()) {
    const isLast = index === octets.length - 1 && !isContinued
    if (used + octet.length > LINE_OCTETS_MAX - (isLast ? 0 : 1)) {
      wrapped += '=\r\n'
      used = 0
    }
    wrapped += octet
    used += octet.length
  }
  return wrapped
}
