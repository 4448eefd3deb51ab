import type { Clock } from '#shared/platform/small-ports.ts'

/** Makes it at the first call, and again when it is old; one that failed is made again at the next call. */
export function renewed<T>(
  { clock, everyMs }: { readonly clock: Clock; readonly everyMs: number },
  make: () => Promise<T>,
): () => Promise<T> {
  let made: { readonly at: number; readonly value: Promise<T> } | undefined
  return () => {
    const now = clock.now()
    if (made !== undefined && now - made.at < everyMs) return made.value
    const value = make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    made = { at: now, value }
    return value
  }
}
