import { assertOutgoing } from '../mail-rules.ts'
import { type Mailer, MailerFailure, type SendFate } from '../mailer.ts'
import { errorMessage, errorName, sdkTrouble } from './sdk-error.ts'
import type { SesSend } from './ses-sends.ts'

export type SesMailerOptions = {
  /** `createSesSends`. */
  readonly sendEmail: SesSend
  /** Its event destination is what `lookup` rests on. */
  readonly configurationSetName: string
  /** SES tenant, where the account keeps its tenants' reputations apart. */
  readonly tenantName?: string
  /** SES tells what became of a send only by its event feed, which is kept elsewhere. */
  readonly lookup: (sendId: string) => Promise<SendFate>
}

/** The tag that names a send in SES's events. */
const SEND_ID_TAG = 'sendId'

/** May be about the mail or about us: an identity that is not verified, a tenant that does not hold it yet. The words tell. */
const ABOUT_THE_MAIL = new Set(['MessageRejected', 'BadRequestException'])

/** Words of SES for what no later try will change. Anything else is taken for a fault of ours: a person mends it, and nothing is lost. */
const FOR_GOOD =
  /virus|illegal (address|user)|missing final|local address|domain (starts|ends|contains)|control or whitespace|message length|blacklisted/i

/** Not taken now: the account's or the identity's state may be mended. */
const NOT_NOW = new Set([
  'TooManyRequestsException',
  'LimitExceededException',
  'SendingPausedException',
  'AccountSuspendedException',
  'MailFromDomainNotVerifiedException',
  'NotFoundException',
])

/** A Mailer on SESv2, raw. */
export function createSesMailer(options: SesMailerOptions): Mailer {
  const { sendEmail, configurationSetName, tenantName, lookup } = options
  return {
    lookup,
    async send(mail) {
      assertOutgoing(mail)
      const { messageId } = await sendEmail({
        raw: mail.raw,
        Destination: { ToAddresses: [mail.envelopeTo] },
        // SES's MAIL FROM is its own and cannot be null. This address gets forwarded bounces; where the port asks for the
        // null reverse-path there is none, and bounces come by the event feed alone.
        ...(mail.envelopeFrom === null ? {} : { FeedbackForwardingEmailAddress: mail.envelopeFrom }),
        EmailTags: [{ Name: SEND_ID_TAG, Value: mail.sendId }],
        ConfigurationSetName: configurationSetName,
        ...(tenantName === undefined ? {} : { TenantName: tenantName }),
      }).catch((error: unknown) => {
        throw mailerFailure(error)
      })
      // Without an id the answer was not SES's, and nobody knows what took the mail.
      if (messageId === undefined) throw MailerFailure.ambiguous('SES answered without a message id')
      return { mailerMessageId: messageId }
    },
  }
}

/** An error without a row is a fault of ours (permissions, a malformed call): nothing was taken, trying again may help. */
function mailerFailure(error: unknown): Error {
  const name = errorName(error)
  if (ABOUT_THE_MAIL.has(name) && FOR_GOOD.test(errorMessage(error)))
    return MailerFailure.rejected(`SES refused the mail (${name})`, { cause: error })
  if (NOT_NOW.has(name)) return MailerFailure.throttled(`SES does not take the mail now (${name})`, { cause: error })
  if (sdkTrouble(error) === 'unknown')
    return MailerFailure.ambiguous('it is not known whether SES took the mail', { cause: error })
  return MailerFailure.throttled('SES did not take the mail', { cause: error })
}
