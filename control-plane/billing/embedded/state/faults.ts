/**
 * What goes wrong with an API call. `before`: nothing happens and 500 is answered; `after`: it happens and 500 is answered;
 * `lost_before`, `lost_after`: likewise, and the connection ends without an answer; `throttled`: 429.
 */
export type ApiFault = 'none' | 'before' | 'after' | 'lost_before' | 'lost_after' | 'throttled'

export type DoubleFaults = {
  readonly api?: (call: { readonly method: string; readonly path: string }) => ApiFault
  /** The order in which waiting deliveries leave. */
  readonly shuffle?: <T>(values: readonly T[]) => readonly T[]
  /** True: this delivery is made a second time. */
  readonly isDuplicated?: (eventId: string) => boolean
}
