import { type Figure, type FigureGroup, type FigureOptions, figureLine } from './figure.ts'

type Output = { readonly out: (line: string) => void; readonly error: (line: string) => void }

/** What was asked for, or the sentence that says what is wrong with it. */
type Asked =
  | { readonly kind: 'groups'; readonly chosen: readonly FigureGroup[] }
  | { readonly kind: 'refused'; readonly reason: string }

function choose(groups: readonly FigureGroup[], names: readonly string[], options: FigureOptions): Asked {
  const unknown = names.filter((name) => !groups.some((group) => group.name === name))
  const known = groups.map((group) => group.name).join(', ')
  if (unknown.length > 0)
    return { kind: 'refused', reason: `no group is named ${unknown.join(', ')}; there are: ${known}` }
  if (names.length > 0) return { kind: 'groups', chosen: groups.filter((group) => names.includes(group.name)) }
  const quick = groups.filter((group) => group.isQuick && (group.wantsDir !== true || options.dir !== undefined))
  return { kind: 'groups', chosen: quick }
}

async function measure(group: FigureGroup, options: FigureOptions): Promise<readonly Figure[]> {
  if (group.wantsDir === true && options.dir === undefined) throw new Error('it wants a folder: --dir FOLDER')
  const run = await group.load()
  const figures = await run(options)
  if (figures.length === 0) throw new Error('it measured nothing')
  for (const figure of figures) {
    if (figure.group !== group.name) throw new Error(`it gave a figure of ${figure.group}`)
    if (!/^[A-Za-z0-9_]+$/.test(figure.name) || !/^\S+$/.test(figure.unit))
      throw new Error(`${figure.name} ${figure.unit} is not a name and a unit of one word each`)
    if (!Number.isFinite(figure.value)) throw new Error(`${figure.name} is not a number`)
  }
  return figures
}

/**
 * Runs the named groups (none: all quick ones) one after the other, so that they do not disturb each other's clocks,
 * and prints the figures last. Answers the exit code: 0, 1 when a group could not run, 2 for an unknown name.
 */
export async function runGroups(
  groups: readonly FigureGroup[],
  names: readonly string[],
  options: FigureOptions,
  output: Output,
): Promise<0 | 1 | 2> {
  const asked = choose(groups, names, options)
  if (asked.kind === 'refused') {
    output.error(`figures: ${asked.reason}`)
    return 2
  }
  const figures: Figure[] = []
  const failed: string[] = []
  for (const group of asked.chosen) {
    output.out(`figures: measuring ${group.name}`)
    try {
      figures.push(...(await measure(group, options)))
    } catch (error) {
      failed.push(`figures: ${group.name} cannot run here: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  for (const line of failed) output.error(line)
  for (const figure of figures) output.out(figureLine(figure))
  return failed.length > 0 ? 1 : 0
}
