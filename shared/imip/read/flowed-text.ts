/** Depth of `>` marks a line begins with (RFC 3676 §4.5). */
function quoteDepth(line: string): number {
  let depth = 0
  while (line.charCodeAt(depth) === 0x3e) depth++
  return depth
}

/**
 * Joins the soft-broken lines of format=flowed text (RFC 3676): a line that ends in a space continues at the same quote
 * depth, except the signature mark `-- `; one stuffed space at a line's start is removed. Line ends must be LF.
 */
export function joinFlowed(text: string, deletesSpace: boolean): string {
  const paragraphs: string[] = []
  let parts: string[] = []
  let depth = -1
  let continues = false
  for (const line of text.split('\n')) {
    const lineDepth = quoteDepth(line)
    const isStuffed = line.charCodeAt(lineDepth) === 0x20
    const content = isStuffed ? line.slice(lineDepth + 1) : line.slice(lineDepth)
    if (continues && lineDepth === depth) {
      if (deletesSpace) parts.push((parts.pop() ?? '').slice(0, -1))
      parts.push(content)
    } else {
      if (depth !== -1) paragraphs.push(parts.join(''))
      parts = [lineDepth > 0 ? line.slice(0, lineDepth) + (isStuffed ? ' ' : '') : '', content]
      depth = lineDepth
    }
    continues = content.endsWith(' ') && content !== '-- '
  }
  // The last line break ends the last paragraph; it begins no further one.
  const last = parts.join('')
  return (last === '' ? paragraphs : [...paragraphs, last]).join('\n')
}
