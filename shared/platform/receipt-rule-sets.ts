/** The receipt rule sets of an account and region, of which SES lets one at most be active. */
export interface ReceiptRuleSets {
  /** Name of the active one; undefined when SES takes no mail here. */
  active(): Promise<string | undefined>
  activate(ruleSetName: string): Promise<void>
  /** None is active after it. */
  deactivate(): Promise<void>
}
