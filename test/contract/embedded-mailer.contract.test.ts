import { createSmtpMailer } from '#shared/platform/embedded/smtp-mailer.ts'
import { startCaptureSmtp } from '#test/harness/platform/capture-smtp.ts'
import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { describeMailerContract } from './mailer.contract.ts'

describeMailerContract('outbox', async () => {
  const { outbox, close } = await createMemoryPlatform()
  return {
    mailer: outbox,
    async delivered() {
      const { mails } = await outbox.list({ limit: 1000 })
      return Promise.all(mails.map(async (mail) => ({ ...mail, raw: await outbox.raw(mail.mailerMessageId) })))
    },
    close,
  }
})

describeMailerContract('SMTP', async () => {
  const server = await startCaptureSmtp()
  const mailer = createSmtpMailer({ host: '127.0.0.1', port: server.port })
  return {
    mailer,
    delivered: async () =>
      server.mails.flatMap(({ envelopeTo, ...mail }) => envelopeTo.map((to) => ({ ...mail, envelopeTo: to }))),
    async close() {
      mailer.close()
      await server.close()
    },
  }
})
