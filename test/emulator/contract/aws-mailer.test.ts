import { createSesClients } from '#shared/platform/aws/ses-client.ts'
import { createSesMailer } from '#shared/platform/aws/ses-mailer.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import { describeMailerContract } from '#test/contract/mailer.contract.ts'
import { captureSes } from '#test/harness/emulator/capture-ses.ts'
import { pointSdkAt } from '#test/harness/emulator/sdk-environment.ts'

describeMailerContract('SESv2', async () => {
  const ses = await captureSes()
  pointSdkAt(ses.endpoint)
  const clientOf = createSesClients({ clock: systemClock })
  return {
    mailer: createSesMailer({
      clientOf,
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
    async close() {
      clientOf().destroy()
      await ses.close()
    },
  }
})
