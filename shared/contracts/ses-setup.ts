import * as z from 'zod'
import { SES_SETUP_NOTIFICATION } from './cell-inlet.ts'

const SetupNotice = z.union([
  z.object({ mail: z.object({ messageId: z.literal(SES_SETUP_NOTIFICATION) }) }),
  z.object({ notificationType: z.literal('AmazonSnsSubscriptionSucceeded') }),
])

/** What SES publishes when a receipt rule or its topic is set up: a test of the way, not a mail. */
export function isSetupNotice(notice: unknown): boolean {
  return SetupNotice.safeParse(notice).success
}

/** What SES publishes, as plain text, when an event destination is made: nothing of a mail. */
export function isSetupText(body: string): boolean {
  return body.startsWith('Successfully validated SNS topic')
}
