import type { Log, LogEntry } from '#shared/platform/small-ports.ts'

/** A log that keeps what it was told. */
export function capturedLog(): Log & { readonly entries: LogEntry[] } {
  const entries: LogEntry[] = []
  const keep = (entry: LogEntry): void => void entries.push(entry)
  return { entries, info: keep, warn: keep, error: keep, metric: keep }
}
