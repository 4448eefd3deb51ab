import { type Bomb, mailOf, many, multipartMail } from './bomb.ts'

const CRLF = '\r\n'
const ATTACHED = 'Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\nx'

function nestedMultiparts(depth: number): Buffer {
  const open = Array.from({ length: depth }, (_, level) => {
    return `--b${level}${CRLF}Content-Type: multipart/mixed; boundary="b${level + 1}"${CRLF}${CRLF}`
  })
  const inner = `--b${depth}${CRLF}Content-Type: text/plain${CRLF}${CRLF}deep${CRLF}--b${depth}--${CRLF}`
  const close = Array.from({ length: depth }, (_, level) => `--b${depth - 1 - level}--${CRLF}`)
  const fields = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="b0"']
  return mailOf(fields, open.join('') + inner + close.join(''))
}

function forwardedMails(depth: number): Buffer {
  const layer = `Content-Type: message/rfc822${CRLF}${CRLF}From: a@example.com${CRLF}`
  return Buffer.from(`From: ana@example.com${CRLF}${layer.repeat(depth)}${CRLF}the bottom`)
}

const withBoundary = (parameter: string, body: string): Buffer =>
  mailOf(['MIME-Version: 1.0', `Content-Type: multipart/mixed; ${parameter}`], body)

export const mimeStructureBombs: readonly Bomb[] = [
  { name: 'multiparts-nested-1000-deep', mail: () => nestedMultiparts(1000) },
  { name: 'multiparts-nested-very-deep', mail: (scale) => nestedMultiparts(many(scale, 20_000, 200_000)) },
  {
    name: 'multiparts-nested-that-never-close',
    mail: (scale) => nestedMultiparts(many(scale, 20_000, 200_000)).subarray(0, many(scale, 700_000, 7_000_000)),
  },
  {
    name: 'very-many-parts',
    mail: (scale) => multipartMail(Array.from({ length: many(scale, 100_000, 500_000) }, () => `${CRLF}x`)),
  },
  {
    name: 'very-many-attachments',
    mail: (scale) => multipartMail(Array.from({ length: many(scale, 50_000, 200_000) }, () => ATTACHED)),
  },
  {
    name: 'very-many-empty-parts',
    mail: (scale) => withBoundary('boundary=b', `--b${CRLF}`.repeat(many(scale, 1_000_000, 5_000_000))),
  },
  {
    name: 'alternatives-by-the-ten-thousand',
    mail: (scale) => {
      const part = `Content-Type: text/html${CRLF}${CRLF}<p>one of many</p>`
      return multipartMail(
        Array.from({ length: many(scale, 20_000, 200_000) }, () => part),
        'alternative',
      )
    },
  },
  { name: 'mail-in-mail-1000-deep', mail: () => forwardedMails(1000) },
  { name: 'mail-in-mail-very-deep', mail: (scale) => forwardedMails(many(scale, 50_000, 400_000)) },
  {
    name: 'forwarded-mails-side-by-side',
    mail: (scale) => {
      const part = `Content-Type: message/rfc822${CRLF}${CRLF}Subject: fw${CRLF}${CRLF}text`
      return multipartMail(Array.from({ length: many(scale, 50_000, 200_000) }, () => part))
    },
  },
  {
    name: 'a-mail-that-contains-itself-many-times',
    mail: (scale) => {
      const inner = `Content-Type: multipart/mixed; boundary=b${CRLF}${CRLF}--b${CRLF}`
      return withBoundary('boundary=b', `--b${CRLF}${inner.repeat(many(scale, 50_000, 300_000))}`)
    },
  },
  {
    name: 'lines-that-are-almost-the-boundary',
    mail: (scale) => {
      const boundary = 'a'.repeat(70)
      return withBoundary(
        `boundary=${boundary}`,
        `--${boundary.slice(1)}x${CRLF}`.repeat(many(scale, 100_000, 400_000)),
      )
    },
  },
  {
    name: 'a-boundary-of-hyphens-in-a-sea-of-hyphens',
    mail: (scale) => withBoundary(`boundary="${'-'.repeat(70)}"`, '-'.repeat(many(scale, 10_000_000, 30_000_000))),
  },
  {
    name: 'a-boundary-of-a-megabyte',
    mail: (scale) => {
      const boundary = 'b'.repeat(many(scale, 1_000_000, 10_000_000))
      return withBoundary(`boundary="${boundary}"`, `--${boundary}${CRLF}${CRLF}x${CRLF}--${boundary}--`)
    },
  },
  {
    name: 'an-empty-boundary',
    mail: (scale) => withBoundary('boundary=""', `--${CRLF}`.repeat(many(scale, 500_000, 5_000_000))),
  },
  {
    name: 'a-boundary-of-pattern-characters',
    mail: (scale) =>
      withBoundary('boundary="(a+)+$"', `--(a+)+${'a'.repeat(60)}${CRLF}`.repeat(many(scale, 50_000, 300_000))),
  },
  {
    name: 'the-same-boundary-on-every-level',
    mail: (scale) => {
      const level = `--b${CRLF}Content-Type: multipart/alternative; boundary=b${CRLF}${CRLF}`
      return withBoundary('boundary=b', level.repeat(many(scale, 50_000, 300_000)))
    },
  },
  {
    name: 'a-signed-mail-inside-a-signed-mail-many-times',
    mail: (scale) => {
      const depth = many(scale, 2000, 50_000)
      const signed = (level: number): string =>
        `Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="s${level}"${CRLF}${CRLF}--s${level}${CRLF}`
      const levels = Array.from({ length: depth }, (_, level) => signed(level))
      return Buffer.from(`From: ana@example.com${CRLF}${levels.join('')}`)
    },
  },
  {
    name: 'a-report-of-many-reports',
    mail: (scale) => {
      const part = `Content-Type: message/delivery-status${CRLF}${CRLF}Final-Recipient: rfc822; a@example.com${CRLF}`
      return multipartMail(
        Array.from({ length: many(scale, 50_000, 200_000) }, () => part),
        'report',
      )
    },
  },
]
