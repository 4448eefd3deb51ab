import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Running, runningFileName } from '#shared/contracts/embedded-running.ts'
import type { Mailer } from '#shared/platform/mailer.ts'
import { CloudFailure } from '../failure.ts'
import type { SimulatedMail } from './simulation.ts'

type Door = { readonly host: string; readonly port: number }

type Input = {
  readonly dataFolder: string
  readonly openMailer: (door: Door) => Mailer & { readonly close: () => void }
}

/** Brings a mail of the simulated SES to the SMTP door of this machine, where its MX leads; a door that is shut is tried again by the caller. */
export function createFolderDelivery({ dataFolder, openMailer }: Input): (mail: SimulatedMail) => Promise<void> {
  return async (mail) => {
    const { smtpHost, smtpPort } = await readDoor(join(dataFolder, runningFileName))
    const mailer = openMailer({ host: smtpHost, port: smtpPort })
    try {
      const { messageId, from, to } = mail
      await mailer.send({ sendId: messageId, envelopeFrom: from, envelopeTo: to, raw: rawOf(mail) })
    } catch (error) {
      throw CloudFailure.unavailable('SendEmail: the local SMTP door did not take the mail', { cause: error })
    } finally {
      mailer.close()
    }
  }
}

async function readDoor(file: string): Promise<Running> {
  try {
    return Running.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    throw CloudFailure.unavailable('SendEmail: no product runs on this machine', { cause: error })
  }
}

function rawOf({ messageId, from, to, subject, text, at }: SimulatedMail): Uint8Array {
  const headers = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${messageId}@email.amazonses.com>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ]
  return new TextEncoder().encode(`${headers.join('\r\n')}\r\n\r\n${text}\r\n`)
}
