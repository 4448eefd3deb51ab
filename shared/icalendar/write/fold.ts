/** RFC 5545 §3.1: octets of a line, without its line break. */
export const LINE_OCTETS_MAX = 75

/** One content line with its CRLF, folded at 75 octets and never inside a character: some parsers decode before they unfold. */
export function foldLine(line: string): string {
  let folded = ''
  let from = 0
  let octets = 0
  for (let index = 0; index < line.length; ) {
    const codePoint = line.codePointAt(index) ?? 0
    const size = utf8Size(codePoint)
    if (octets + size > LINE_OCTETS_MAX) {
      folded += `${line.slice(from, index)}\r\n `
      from = index
      octets = 1
    }
    octets += size
    index += codePoint > 0xffff ? 2 : 1
  }
  return `${folded}${line.slice(from)}\r\n`
}

/** Several lines, each folded and ended by CRLF. */
export function foldLines(lines: readonly string[]): string {
  return lines.map(foldLine).join('')
}

function utf8Size(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
