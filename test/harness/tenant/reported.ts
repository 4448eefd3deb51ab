import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import PostalMime, { type Email } from 'postal-mime'
import * as z from 'zod'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { onDay } from './invited.ts'
import type { TestTenant } from './test-tenant.ts'

export const REPORTS = 'reports@events.example.net'

type MailOf = NonNullable<Parameters<TestTenant['receive']>[1]>

const Rows = z.array(z.record(z.string(), z.string()))

/** A CSV as another reader takes it, cells by the titles of their columns. */
export function csvRows(csv: string | Uint8Array) {
  const text = typeof csv === 'string' ? csv : Buffer.from(csv)
  return Rows.parse(parse(text, { bom: true, columns: true, record_delimiter: '\r\n' }))
}

/** A mail written by hand in a mail client. */
export function askingMail(mail: {
  readonly from?: string
  readonly subject: string
  readonly text?: string
  readonly name?: string
  readonly headers?: readonly string[]
}): string {
  const { from = 'ana.diaz@example.com', subject, text = 'Please.', headers = [] } = mail
  return [
    `From: Ana Diaz <${from}>`,
    'To: reports@events.example.net',
    `Subject: ${subject}`,
    `Message-ID: <${mail.name ?? crypto.randomUUID()}@mail.example.com>`,
    'Date: Tue, 24 Nov 2026 09:00:00 +0000',
    'MIME-Version: 1.0',
    ...headers,
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '',
  ].join('\r\n')
}

/** The mails of `reports@` so far, oldest first. */
export async function fromReports(tenant: TestTenant): Promise<readonly (Email & { readonly rcpt: string })[]> {
  const mails: (Email & { readonly rcpt: string })[] = []
  for (const { to, raw } of await tenant.sent()) {
    const mail = await PostalMime.parse(raw)
    if (mail.from?.address === REPORTS) mails.push({ ...mail, rcpt: to })
  }
  return mails
}

/** The file that a mail carries, unpacked if it is packed. */
export function csvOf(mail: Email) {
  const [file, ...others] = mail.attachments
  if (file === undefined || others.length > 0) throw new Error(`${mail.attachments.length} files`)
  const bytes = typeof file.content === 'string' ? Buffer.from(file.content) : new Uint8Array(file.content)
  const csv = file.mimeType === 'application/gzip' ? gunzipSync(bytes) : bytes
  return { name: file.filename, type: file.mimeType, csv }
}

/** The same as rows. */
export function fileOf(mail: Email) {
  const { csv, ...file } = csvOf(mail)
  return { ...file, rows: csvRows(csv) }
}

/** What a test of `reports@` says and looks at. */
export function reportsDesk(tenantOf: () => TestTenant) {
  const ask = (mail: Parameters<typeof askingMail>[0], how: Omit<MailOf, 'to'> = {}) =>
    tenantOf().receive(askingMail(mail), { from: mail.from ?? 'ana.diaz@example.com', ...how, to: REPORTS })

  /** An event of this subject; its id. */
  async function created(subject: string, lines: readonly string[] = onDay(5), from = 'ana.diaz@example.com') {
    const uid = `${crypto.randomUUID()}@example.com`
    const mail = organizerMail({ uid, subject, from, lines: [...lines, `SUMMARY:${subject}`] })
    const { eventIds } = await tenantOf().receive(mail.replace(/^SUMMARY:A meeting\r\n/m, ''), { from })
    return eventIds[0] ?? ''
  }

  const told = async () => (await fromReports(tenantOf())).map(({ rcpt, subject }) => `${rcpt} ${subject}`)

  /** Of which events reports were sent, by the names of their files. */
  const reported = async () =>
    (await fromReports(tenantOf())).flatMap((mail) =>
      mail.attachments.length === 0 ? [] : (/evt_[0-9a-z]{26}/.exec(fileOf(mail).name ?? '')?.[0] ?? []),
    )

  return { ask, created, told, reported }
}
