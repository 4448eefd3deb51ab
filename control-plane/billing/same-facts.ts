import type { StripeFacts } from '#control-plane/core/licence/licence.ts'

/** True when nothing but the time of the fetch differs. */
export function isSameFacts(a: StripeFacts, b: StripeFacts): boolean {
  return canonical({ ...a, fetchedAt: 0 }) === canonical({ ...b, fetchedAt: 0 })
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
