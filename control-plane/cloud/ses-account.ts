/** Standing of an account and region with SES (GetAccount). */
export type SesAccountState = {
  /** Out of the sandbox. */
  readonly hasProductionAccess: boolean
  readonly isSendingEnabled: boolean
  readonly sentLast24Hours: number
  /** -1: no limit. */
  readonly max24Hours: number
  readonly maxPerSecond: number
  /** Of the request to leave the sandbox; absent: nobody asked. */
  readonly review?: { readonly status: 'PENDING' | 'GRANTED' | 'DENIED' | 'FAILED'; readonly caseId?: string }
}

export interface SesAccount {
  read(): Promise<SesAccountState>
  /** PutAccountDetails: asks people at AWS to let the account out of the sandbox. `vendor_task`: a case is open or was denied. */
  askForProduction(input: {
    readonly websiteUrl: string
    readonly useCase: string
    readonly contactEmail: string
  }): Promise<void>
}
