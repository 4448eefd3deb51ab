import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import type { ProbeMails } from '../probe-mails.ts'
import { byWords, calling, type ErrorMeanings, given } from './sdk-call.ts'
import { SES_MEANINGS } from './ses-meanings.ts'

/** SendEmail's own errors, most of which pass when SES has seen what was set up a moment ago. */
const MEANINGS: ErrorMeanings = {
  ...SES_MEANINGS,
  SendingPausedException: 'vendor_task',
  MailFromDomainNotVerifiedException: 'conflict',
  LimitExceededException: 'quota',
  MessageRejected: byWords([[/not verified/i, 'conflict']]),
  NotFoundException: 'conflict',
  BadRequestException: byWords([[/not (?:been )?associated|does not exist|not verified/i, 'conflict']]),
}

export function createProbeMails(client: SESv2Client): ProbeMails {
  return {
    async send({ tenantName, configurationSetName, from, to, subject, text }) {
      const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' })
      const command = new SendEmailCommand({
        TenantName: tenantName,
        ConfigurationSetName: configurationSetName,
        FromEmailAddress: from,
        Destination: { ToAddresses: [...to] },
        Content: { Simple: { Subject: utf8(subject), Body: { Text: utf8(text) } } },
      })
      const answer = await calling('SendEmail', () => client.send(command), MEANINGS)
      return { messageId: given(answer.MessageId, 'MessageId') }
    },
  }
}
