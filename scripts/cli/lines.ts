import type * as z from 'zod'
import type { TimeView } from '#shared/contracts/api.ts'

/** Names and values under each other; what is undefined is left out. */
export function lines(rows: readonly (readonly [name: string, value: string | undefined])[]): string {
  const shown = rows.filter(([, value]) => value !== undefined && value !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

/** A start or end for people: the wall clock and its zone, the day, or the instant. */
export function timeText(time: z.infer<typeof TimeView>): string {
  if (time.date !== undefined) return time.date
  if (time.local === undefined) return time.instant ?? ''
  return time.time_zone === undefined ? `${time.local} (no zone)` : `${time.local} ${time.time_zone}`
}
