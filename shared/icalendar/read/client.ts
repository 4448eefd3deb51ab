import type { CalendarClient } from '../model.ts'

const CLIENTS: readonly (readonly [CalendarClient, RegExp])[] = [
  ['google', /google/i],
  ['outlook', /microsoft|outlook|exchange/i],
  ['apple', /apple|icloud|\bical\b.*mac|mac os x|\bios\b|\bcalendaragent\b/i],
  ['yahoo', /yahoo/i],
]

/** Which program wrote a calendar, by its PRODID. */
export function clientOf(prodid: string | undefined): CalendarClient {
  if (prodid === undefined) return 'other'
  return CLIENTS.find(([, pattern]) => pattern.test(prodid))?.[0] ?? 'other'
}
