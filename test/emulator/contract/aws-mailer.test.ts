import { createSesMailer } from '#shared/platform/aws/ses-mailer.ts'
import { sesPlaceOf } from '#shared/platform/aws/ses-place.ts'
import { createSesSends } from '#shared/platform/aws/ses-sends.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import { describeMailerContract } from '#test/contract/mailer.contract.ts'
import { captureSes } from '#test/harness/emulator/capture-ses.ts'
import { pointSdkAt } from '#test/harness/emulator/sdk-environment.ts'

describeMailerContract('SESv2', async () => {
  const ses = await captureSes()
  pointSdkAt(ses.endpoint)
  return {
    mailer: createSesMailer({
      sendEmail: createSesSends({ place: sesPlaceOf(process.env), clock: systemClock }),
      configurationSetName: 'invites',
      async lookup(sendId) {
        const mail = ses.mails.find(({ tags }) => tags.sendId === sendId)
        return mail === undefined ? { fate: 'unknown' } : { fate: 'accepted', mailerMessageId: mail.messageId }
      },
    }),
    delivered: async () =>
      ses.mails.flatMap(({ toAddresses, raw, feedbackForwardingEmailAddress }) =>
        toAddresses.map((envelopeTo) => ({ envelopeTo, envelopeFrom: feedbackForwardingEmailAddress, raw })),
      ),
    close: () => ses.close(),
  }
})
