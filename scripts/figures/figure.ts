/** One measured number. Units: `s`, `ms`, `mb`, `x` (times), `pct`, or what is counted, such as `files`. */
export type Figure = { readonly group: string; readonly name: string; readonly value: number; readonly unit: string }

export type FigureOptions = {
  /** Soak sizes instead of quick ones. */
  readonly full: boolean
  /** `--dir`: a folder of files to run on, for the groups that want one. */
  readonly dir?: string
}

/** Measures a group. Throws, with a message that says why, when it cannot run here: a number is never made up. */
export type RunGroup = (options: FigureOptions) => Promise<readonly Figure[]> | readonly Figure[]

export type FigureGroup = {
  readonly name: string
  /** Part of `npm run figures` without names. */
  readonly isQuick: boolean
  readonly wantsDir?: true
  /** Imported only when asked for: a group's peers are heavy. */
  readonly load: () => Promise<RunGroup>
}

/** `FIGURE compose.parsed_back 10000 mails`: a count as it is, a measurement with six digits. */
export function figureLine(figure: Figure): string {
  const number = Number.isInteger(figure.value) ? figure.value : Number(figure.value.toPrecision(6))
  return `FIGURE ${figure.group}.${figure.name} ${number} ${figure.unit}`
}
