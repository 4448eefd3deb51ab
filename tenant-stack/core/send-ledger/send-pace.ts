/** `single`: one mail that a person waits for; `bulk`: mails of a list or of a fan-out. */
export type PaceKind = 'single' | 'bulk'

/** Lets mails leave no faster than the mail service takes them (SES: a rate per account and region, which many tenants may share). */
export interface SendPace {
  /**
   * Waits for the right to hand one mail over now; false when there is none before `until` (epoch milliseconds), and it need not be waited for.
   * `wanted`: how many the caller is going to ask for in a row, this one included.
   */
  turn(input: { readonly kind: PaceKind; readonly wanted: number; readonly until: number }): Promise<boolean>
}

/** For mailers without a rate of their own. */
export const unpaced: SendPace = { turn: async () => true }
