import { lines } from '../lines.ts'

/** One thing as the API answers it: names and values; what is nested is shown as JSON. */
export function showOne(json: unknown): string {
  if (typeof json !== 'object' || json === null)
    return json === undefined || json === null ? 'done' : JSON.stringify(json)
  const rows = Object.entries(json).map(([name, value]): readonly [string, string | undefined] => [
    name.replaceAll('_', ' '),
    valueText(value),
  ])
  return rows.length === 0 ? 'done' : lines(rows)
}

/** Rows under the names of their columns; `empty` where there is none. */
export function showTable(columns: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty
  const all = [columns.map((name) => name.toUpperCase()), ...rows]
  const widths = columns.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  return all
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function valueText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
