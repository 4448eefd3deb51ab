import { GetAccountCommand, PutAccountDetailsCommand, type SESv2Client } from '@aws-sdk/client-sesv2'
import type { SesAccount } from '../ses-account.ts'
import { calling, word } from './sdk-call.ts'
import { SES_MEANINGS } from './ses-meanings.ts'

export function createSesAccount(client: SESv2Client): SesAccount {
  return {
    async read() {
      const answer = await calling('GetAccount', () => client.send(new GetAccountCommand({})), SES_MEANINGS)
      const { Details, SendQuota } = answer
      const review = Details?.ReviewDetails
      return {
        hasProductionAccess: answer.ProductionAccessEnabled === true,
        isSendingEnabled: answer.SendingEnabled === true,
        sentLast24Hours: SendQuota?.SentLast24Hours ?? 0,
        max24Hours: SendQuota?.Max24HourSend ?? 0,
        maxPerSecond: SendQuota?.MaxSendRate ?? 0,
        ...(review?.Status === undefined
          ? {}
          : {
              review: {
                status: word(['PENDING', 'GRANTED', 'DENIED', 'FAILED'], review.Status, 'the status of the review'),
                ...(review.CaseId === undefined ? {} : { caseId: review.CaseId }),
              },
            }),
      }
    },
    async askForProduction({ websiteUrl, useCase, contactEmail }) {
      const command = new PutAccountDetailsCommand({
        MailType: 'TRANSACTIONAL',
        WebsiteURL: websiteUrl,
        UseCaseDescription: useCase,
        AdditionalContactEmailAddresses: [contactEmail],
        ContactLanguage: 'EN',
        ProductionAccessEnabled: true,
      })
      // A case is open, or was denied: asking again changes nothing.
      const meanings = { ...SES_MEANINGS, ConflictException: 'vendor_task' } as const
      await calling('PutAccountDetails', () => client.send(command), meanings)
    },
  }
}
