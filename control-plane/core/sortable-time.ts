/** Epoch milliseconds as 15 digits, so that text order is time order. */
export function sortableTime(epochMs: number): string {
  return String(Math.max(0, Math.trunc(epochMs))).padStart(15, '0')
}
