/** The parts of a cleaned RECUR text, names upper case. */
export type RuleParts = ReadonlyMap<string, string>

export function ruleParts(rrule: string): RuleParts {
  return new Map(
    rrule.split(';').map((part): [string, string] => {
      const equals = part.indexOf('=')
      return equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]
    }),
  )
}

export function ruleText(parts: RuleParts): string {
  return [...parts].map(([name, value]) => `${name}=${value}`).join(';')
}

/** The values of a list part; empty when the part is absent. */
export function partList(parts: RuleParts, name: string): readonly string[] {
  return parts.get(name)?.split(',') ?? []
}
