import type { Clock, Log, LogEntry } from '../small-ports.ts'

/** Least first: a log of level `warn` keeps warnings and errors. */
const LEVELS = ['info', 'warn', 'error'] as const

export type LogLevel = (typeof LEVELS)[number]

/** A log of one JSON object per line: `time` (ISO 8601, UTC), `level`, then the entry. */
export function createJsonLog(options: {
  readonly clock: Clock
  readonly level?: LogLevel
  readonly writeLine: (line: string) => void
}): Log {
  const least = LEVELS.indexOf(options.level ?? 'info')
  function at(level: LogLevel): (entry: LogEntry) => void {
    if (LEVELS.indexOf(level) < least) return () => undefined
    return (entry) => {
      const time = new Date(options.clock.now()).toISOString()
      options.writeLine(`${JSON.stringify({ ...entry, time, level })}\n`)
    }
  }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
