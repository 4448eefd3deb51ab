import type { Log, LogEntry } from '#shared/platform/small-ports.ts'

export type CollectedEntry = LogEntry & { readonly level: 'info' | 'warn' | 'error' | 'metric' }

export type CollectingLog = Log & { readonly entries: readonly CollectedEntry[] }

export function createCollectingLog(): CollectingLog {
  const entries: CollectedEntry[] = []
  return {
    entries,
    info: (entry) => void entries.push({ ...entry, level: 'info' }),
    warn: (entry) => void entries.push({ ...entry, level: 'warn' }),
    error: (entry) => void entries.push({ ...entry, level: 'error' }),
    metric: (entry) => void entries.push({ ...entry, level: 'metric' }),
  }
}
