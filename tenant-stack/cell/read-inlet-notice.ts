import * as z from 'zod'
import { SES_SETUP_NOTIFICATION } from '#shared/contracts/cell-inlet.ts'
import { SesReceipt } from '#shared/contracts/ses-receipt.ts'

/** What SES publishes when a rule or its topic is set up: a test of the way, not a mail. */
const Setup = z.union([
  z.object({ mail: z.object({ messageId: z.literal(SES_SETUP_NOTIFICATION) }) }),
  z.object({ notificationType: z.literal('AmazonSnsSubscriptionSucceeded') }),
])

/** The receipt in a queued body; undefined when SES only tried the way. */
export function readInletNotice(body: string): SesReceipt | undefined {
  const value: unknown = JSON.parse(body)
  return Setup.safeParse(value).success ? undefined : SesReceipt.parse(value)
}
