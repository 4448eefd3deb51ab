import { CliFailure } from '../cli-failure.ts'
import type { Asked, ControlCommand, OptionRow } from '../command.ts'
import { showOne } from './show.ts'

type Values = Readonly<Record<string, string | undefined>>

type Row = {
  readonly noun: string
  readonly verb: string
  readonly summary: string
  readonly positionals?: readonly string[]
  readonly options?: Readonly<Record<string, OptionRow>>
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  /** From the positionals, each already encoded. */
  readonly path: (...positionals: readonly string[]) => string
  /** What goes behind the path, with its question mark. */
  readonly query?: (options: Values) => string
  readonly body?: (options: Values, asked: Asked) => unknown
  readonly act?: 'undoable' | 'final'
  /** What people read instead of the bare answer. */
  readonly text?: (json: unknown) => string
}

/** A command that asks the API for one change and shows its answer. */
export function act(row: Row): ControlCommand {
  const { positionals = [], options = {} } = row
  return {
    plane: 'control',
    noun: row.noun,
    verb: row.verb,
    summary: row.summary,
    positionals,
    options,
    act: row.act ?? 'undoable',
    async run(control, asked) {
      const path = row.path(...asked.positionals.map(encodeURIComponent)) + (row.query?.(asked.options) ?? '')
      const body = row.body?.(asked.options, asked)
      const json = await control.api(path, { method: row.method, ...(body === undefined ? {} : { body }) })
      return { text: (row.text ?? showOne)(json), json: json ?? {} }
    },
  }
}

/** A whole number of cents from `12`, `12.5` or `12.50`. */
export function centsOf(text: string): number {
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(text)) throw CliFailure.usage('an amount is written as 995 or 497.50')
  return Math.round(Number(text) * 100)
}

/** The instant of a day or a time. */
export function instantOf(option: string, text: string): string {
  const time = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
  if (Number.isNaN(time)) throw CliFailure.usage(`--${option} is a day such as 2026-12-31, or an instant`)
  return new Date(time).toISOString()
}

/** Fields of a body, without those that were not given. */
export function given(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
