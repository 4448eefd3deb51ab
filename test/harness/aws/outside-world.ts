import { PutObjectCommand } from '@aws-sdk/client-s3'
import { PublishCommand } from '@aws-sdk/client-sns'
import ical, { type VEvent } from 'node-ical'
import PostalMime from 'postal-mime'
import { INLET_PREFIX } from '#shared/contracts/cell-inlet.ts'
import type { SesMail } from '#test/harness/emulator/capture-ses.ts'
import { sesNotice } from '#test/harness/tenant/ses-notice.ts'
import { sesTrace } from '../../cell/ses-mail.ts'
import type { Estate } from './estate.ts'
import { eventually } from './eventually.ts'

/** A mail from the internet as SES leaves it: the object in the cell's inlet, its own trace on top, and the notice of the receipt. */
export async function receiveByCell(
  estate: Estate,
  mail: {
    readonly messageId: string
    readonly raw: Buffer
    readonly recipients: readonly string[]
    readonly from?: string
    readonly notices?: number
  },
): Promise<void> {
  const { aws, cell } = estate
  const { messageId, raw, recipients } = mail
  const Body = Buffer.concat([Buffer.from(sesTrace(recipients[0] ?? '', messageId)), raw])
  const Key = `${INLET_PREFIX}${messageId}`
  await aws.s3.send(new PutObjectCommand({ Bucket: cell.outputs.InletBucketName, Key, Body }))
  const source = mail.from ?? 'ana.diaz@example.com'
  const notice = sesNotice({
    messageId,
    recipients,
    source,
    from: source,
    bucketName: cell.outputs.InletBucketName ?? '',
    objectKey: Key,
  })
  for (let count = 0; count < (mail.notices ?? 1); count += 1)
    await aws.sns.send(new PublishCommand({ TopicArn: cell.outputs.MailTopicArn, Message: JSON.stringify(notice) }))
}

export type ReadMail = {
  readonly mail: SesMail
  readonly subject: string
  readonly from: string
  readonly text: string
  readonly method: string
  readonly calendar: string
  /** The VEVENT as another parser reads it. */
  readonly vevent: VEvent | undefined
}

/** A mail that SES took for `to` after the first `skip` ones, read by parsers that are not ours. */
export async function sentTo({ ses }: Estate, to: string, skip = 0): Promise<ReadMail> {
  const mail = await eventually(
    `a mail to ${to}`,
    () => ses.mails.filter(({ toAddresses }) => toAddresses.includes(to))[skip],
  )
  const parsed = await PostalMime.parse(mail.raw)
  const part = parsed.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
  const calendar = part === undefined ? '' : textOf(part.content).replaceAll(/\r?\n[ \t]/g, '')
  const components = calendar === '' ? [] : Object.values(ical.sync.parseICS(calendar))
  return {
    mail,
    subject: parsed.subject ?? '',
    from: parsed.from?.address ?? '',
    text: parsed.text ?? '',
    method: /^METHOD:(\w+)/m.exec(calendar)?.[1] ?? '',
    calendar,
    vevent: components.find((one): one is VEvent => one?.type === 'VEVENT'),
  }
}

function textOf(content: string | ArrayBuffer | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content)
}
