import * as z from 'zod'
import { CliFailure } from '../cli-failure.ts'
import type { ControlCommand, OptionRow } from '../command.ts'
import { showTable } from './show.ts'

const Page = z.object({
  data: z.array(z.record(z.string(), z.unknown())),
  has_more: z.boolean().optional(),
  next_cursor: z.string().optional(),
})

type Row = {
  readonly noun: string
  readonly verb: string
  readonly summary: string
  readonly positionals?: readonly string[]
  readonly path: (...positionals: readonly string[]) => string
  /** Options that become the query, by the API's names. */
  readonly query?: Readonly<Record<string, { readonly name: string; readonly row: OptionRow }>>
  readonly columns: readonly string[]
  readonly empty: string
}

/** A command that shows one page of a list. */
export function list(row: Row): ControlCommand {
  const { positionals = [], query = {} } = row
  return {
    plane: 'control',
    noun: row.noun,
    verb: row.verb,
    summary: row.summary,
    positionals,
    options: {
      ...Object.fromEntries(Object.entries(query).map(([option, { row: shown }]) => [option, shown])),
      limit: { value: 'NUMBER', help: 'How many, at most 200 (50 when not given)' },
      after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
    },
    async run(control, asked) {
      const { limit = '50', after } = asked.options
      if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
      const asks = Object.entries(query).flatMap(([option, { name }]): readonly [string, string][] => {
        const value = asked.options[option]
        return value === undefined ? [] : [[name, value]]
      })
      const search = new URLSearchParams(Object.fromEntries([...asks, ['limit', limit]]))
      if (after !== undefined) search.set('after', after)
      const json = await control.api(`${row.path(...asked.positionals.map(encodeURIComponent))}?${search}`)
      const page = Page.parse(json)
      const rows = page.data.map((one) => row.columns.map((name) => cellText(at(one, name))))
      const more = page.has_more === true ? `\nmore: --after '${page.next_cursor ?? ''}'` : ''
      return { text: `${showTable(row.columns.map(words), rows, row.empty)}${more}`, json }
    },
  }
}

function at(one: Readonly<Record<string, unknown>>, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), one)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  return value.replace(/T(\d{2}:\d{2})(:\d{2})?(\.\d+)?Z$/, ' $1Z')
}

function words(name: string): string {
  return name.replaceAll('_', ' ').replaceAll('.', ' ')
}
