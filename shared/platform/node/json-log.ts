import type { Clock, Log, LogEntry } from '../small-ports.ts'

/** Least first: a log of level `warn` keeps warnings and errors. */
const LEVELS = ['info', 'warn', 'error'] as const

export type LogLevel = (typeof LEVELS)[number]

/** A log of one JSON object per line: `time` (ISO 8601, UTC), `level`, then the entry. Metrics are of level `info`. */
export function createJsonLog(options: {
  readonly clock: Clock
  readonly level?: LogLevel
  /** Whether anything reads the metrics; it does unless told otherwise. */
  readonly hasMetrics?: boolean
  readonly writeLine: (line: string) => void
}): Log {
  const least = LEVELS.indexOf(options.level ?? 'info')
  function at(level: LogLevel): (entry: LogEntry) => void {
    return (entry) => {
      const time = new Date(options.clock.now()).toISOString()
      options.writeLine(`${JSON.stringify({ ...entry, time, level })}\n`)
    }
  }
  const from = (level: LogLevel) => (LEVELS.indexOf(level) < least ? () => undefined : at(level))
  const metric = options.hasMetrics === false ? () => undefined : at('info')
  return { info: from('info'), warn: from('warn'), error: from('error'), metric }
}
