export type ProbeMail = {
  readonly tenantName: string
  readonly configurationSetName: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
}

/**
 * Mails by which the way out and in is tried (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html), in the name of a
 * tenant of SES. They go to SES's simulator and to the tenant's own domain alone, so that one which is sent twice reaches nobody.
 */
export interface ProbeMails {
  /** `conflict`: SES does not see identity, MAIL FROM or association yet. `vendor_task`: sending is paused. `quota`: the day's sends are used up. */
  send(mail: ProbeMail): Promise<{ readonly messageId: string }>
}
