import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { compileInvite } from '#shared/imip/compose/compile-invite.ts'
import type { InviteRecipient, InviteRevision } from '#shared/imip/invite-revision.ts'
import { createSesMailer } from '#shared/platform/aws/ses-mailer.ts'
import { sesPlaceOf } from '#shared/platform/aws/ses-place.ts'
import { createSesSends } from '#shared/platform/aws/ses-sends.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'

export const CONTENDERS = ['ours', 'default_worker'] as const
export type Contender = (typeof CONTENDERS)[number]

/** Builds one mail, signs its call and posts it; answers the mail's octets once SES has answered. */
export type Send = (recipient: InviteRecipient) => Promise<number>

const CONFIGURATION_SET = 'convoke-bench'

/** A contender, pointed at SES by the environment (`AWS_ENDPOINT_URL_SESV2`); a peer is imported only in the process that measures it. */
export async function senderOf(contender: Contender, revision: InviteRevision): Promise<Send> {
  return contender === 'ours' ? ours(revision) : defaultWorker(revision)
}

/** What a sender of ours does for a mail between its claim and its record: the same composer, the same Mailer. */
function ours(revision: InviteRevision): Send {
  const compiled = compileInvite(revision)
  const mailer = createSesMailer({
    sendEmail: createSesSends({ place: sesPlaceOf(process.env), clock: systemClock }),
    configurationSetName: CONFIGURATION_SET,
    tenantName: CONFIGURATION_SET,
    lookup: async () => ({ fate: 'unknown' }),
  })
  return async (recipient) => {
    const raw = compiled.splice(recipient)
    await mailer.send({
      sendId: recipient.sendId,
      envelopeFrom: recipient.replyAddress,
      envelopeTo: recipient.address,
      raw,
    })
    return raw.length
  }
}

/** nodemailer, ical-generator and the SDK as their documentation puts them together, with one client for all mails. */
async function defaultWorker(revision: InviteRevision): Promise<Send> {
  const { nodemailerIcalGenerator } = await import('../compose/peers.ts')
  const build = nodemailerIcalGenerator(revision)
  const client = new SESv2Client({})
  return async (recipient) => {
    const raw = await build(recipient, 0)
    await client.send(
      new SendEmailCommand({
        Content: { Raw: { Data: raw } },
        Destination: { ToAddresses: [recipient.address] },
        FeedbackForwardingEmailAddress: recipient.replyAddress,
        EmailTags: [{ Name: 'sendId', Value: recipient.sendId }],
        ConfigurationSetName: CONFIGURATION_SET,
        TenantName: CONFIGURATION_SET,
      }),
    )
    return raw.length
  }
}
