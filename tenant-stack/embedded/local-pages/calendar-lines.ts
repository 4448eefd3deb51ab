/** One content line of a calendar as it is shown: how deep its component lies, and its name, parameters and value apart. */
export type CalendarLine = {
  readonly depth: number
  readonly kind: 'begin' | 'property'
  readonly name: string
  readonly parameters: string
  readonly value: string
}

/** Unfolds a calendar (RFC 5545 section 3.1) into lines for a table; END lines are told by the depth. Text is shown unescaped. */
export function calendarLines(text: string): readonly CalendarLine[] {
  const lines: CalendarLine[] = []
  let depth = 0
  for (const line of text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    if (line === '') continue
    const { name, parameters, value } = partsOf(line)
    if (name === 'END') depth = Math.max(0, depth - 1)
    else lines.push({ depth, kind: name === 'BEGIN' ? 'begin' : 'property', name, parameters, value })
    if (name === 'BEGIN') depth += 1
  }
  return lines
}

/** The first colon outside quotes ends the parameters: `CN="Lee: chair"` holds one that does not. */
function partsOf(line: string): { readonly name: string; readonly parameters: string; readonly value: string } {
  const [head = ''] = /^(?:[^":]|"[^"]*")*/.exec(line) ?? []
  const [name = '', ...parameters] = head.split(';')
  return {
    name: name.toUpperCase(),
    parameters: parameters.join('; '),
    value: unescapeText(line.slice(head.length + 1)),
  }
}

function unescapeText(value: string): string {
  return value.replace(/\\([nN,;\\])/g, (_, escaped: string) => (escaped === 'n' || escaped === 'N' ? '\n' : escaped))
}
