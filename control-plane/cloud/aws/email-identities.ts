import {
  CreateEmailIdentityCommand,
  DeleteEmailIdentityCommand,
  GetEmailIdentityCommand,
  type GetEmailIdentityResponse,
  PutEmailIdentityDkimSigningAttributesCommand,
  PutEmailIdentityFeedbackAttributesCommand,
  PutEmailIdentityMailFromAttributesCommand,
  type SESv2Client,
} from '@aws-sdk/client-sesv2'
import { type EmailIdentities, type EmailIdentity, VERIFICATION_STATUSES } from '../email-identities.ts'
import { calling, orElse, reading, word } from './sdk-call.ts'
import { fromSdkTags, toSdkTags } from './sdk-tags.ts'
import { SES_MEANINGS as MEANINGS } from './ses-meanings.ts'

/** Where SES's own end of a DKIM CNAME lies when it tells nothing else. */
const DKIM_ZONE = 'dkim.amazonses.com'
const KEY_LENGTH = 'RSA_2048_BIT'

export function createEmailIdentities(client: SESv2Client): EmailIdentities {
  return {
    async create({ emailIdentity, configurationSetName, tags }) {
      const command = new CreateEmailIdentityCommand({
        EmailIdentity: emailIdentity,
        DkimSigningAttributes: { NextSigningKeyLength: KEY_LENGTH },
        Tags: toSdkTags(tags),
        ...(configurationSetName === undefined ? {} : { ConfigurationSetName: configurationSetName }),
      })
      const answer = await calling('CreateEmailIdentity', () => client.send(command), MEANINGS)
      return { dkimTokens: answer.DkimAttributes?.Tokens ?? [] }
    },
    async read(emailIdentity) {
      const command = new GetEmailIdentityCommand({ EmailIdentity: emailIdentity })
      const answer = await reading('GetEmailIdentity', () => client.send(command), MEANINGS)
      return answer && identityOf(emailIdentity, answer)
    },
    async setMailFrom({ emailIdentity, mailFromDomain }) {
      const command = new PutEmailIdentityMailFromAttributesCommand({
        EmailIdentity: emailIdentity,
        MailFromDomain: mailFromDomain,
        BehaviorOnMxFailure: 'USE_DEFAULT_VALUE',
      })
      await calling('PutEmailIdentityMailFromAttributes', () => client.send(command), MEANINGS)
    },
    async stopFeedbackForwarding(emailIdentity) {
      const command = new PutEmailIdentityFeedbackAttributesCommand({
        EmailIdentity: emailIdentity,
        EmailForwardingEnabled: false,
      })
      await calling('PutEmailIdentityFeedbackAttributes', () => client.send(command), MEANINGS)
    },
    async rearmDkim(emailIdentity) {
      const command = new PutEmailIdentityDkimSigningAttributesCommand({
        EmailIdentity: emailIdentity,
        SigningAttributesOrigin: 'AWS_SES',
        SigningAttributes: { NextSigningKeyLength: KEY_LENGTH },
      })
      const answer = await calling('PutEmailIdentityDkimSigningAttributes', () => client.send(command), MEANINGS)
      return { dkimTokens: answer.DkimTokens ?? [] }
    },
    async delete(emailIdentity) {
      const command = new DeleteEmailIdentityCommand({ EmailIdentity: emailIdentity })
      await orElse(
        'gone',
        undefined,
        calling('DeleteEmailIdentity', () => client.send(command), MEANINGS),
      )
    },
  }
}

function identityOf(emailIdentity: string, answer: GetEmailIdentityResponse): EmailIdentity {
  const { DkimAttributes: dkim, MailFromAttributes: mailFrom, VerificationInfo: info } = answer
  return {
    emailIdentity,
    isVerified: answer.VerifiedForSendingStatus === true,
    ...(answer.ConfigurationSetName === undefined ? {} : { configurationSetName: answer.ConfigurationSetName }),
    dkim: {
      status: word(VERIFICATION_STATUSES, dkim?.Status, 'the status of DKIM'),
      tokens: dkim?.Tokens ?? [],
      hostedZone: dkim?.SigningHostedZone ?? DKIM_ZONE,
    },
    // A domain that was never set answers as an empty name.
    ...(mailFrom?.MailFromDomain === undefined || mailFrom.MailFromDomain === ''
      ? {}
      : {
          mailFrom: {
            domainName: mailFrom.MailFromDomain,
            status: word(
              ['PENDING', 'SUCCESS', 'FAILED', 'TEMPORARY_FAILURE'],
              mailFrom.MailFromDomainStatus,
              'the status of MAIL FROM',
            ),
          },
        }),
    ...(info?.ErrorType === undefined ? {} : { verificationError: info.ErrorType }),
    tags: fromSdkTags(answer.Tags),
  }
}
