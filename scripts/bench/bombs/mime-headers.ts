import { type Bomb, mailOf, many } from './bomb.ts'

const CRLF = '\r\n'

/** A mail whose header has these fields before any other; the text behind is plain. */
const headed = (...fields: readonly (string | readonly string[])[]): Buffer => mailOf(fields.flat(), 'text')

export const mimeHeaderBombs: readonly Bomb[] = [
  {
    name: 'one-header-line-of-10-megabytes',
    mail: (scale) => headed(`X-Long: ${'x'.repeat(many(scale, 10_000_000, 29_000_000))}`),
  },
  {
    name: 'a-subject-folded-a-hundred-thousand-times',
    mail: (scale) => headed(`Subject: a${`${CRLF} b`.repeat(many(scale, 100_000, 5_000_000))}`),
  },
  {
    name: 'a-million-header-lines',
    mail: (scale) => headed(`X-A: b${CRLF}`.repeat(many(scale, 1_000_000, 3_700_000)).trimEnd()),
  },
  {
    name: 'a-million-different-header-names',
    mail: (scale) => headed(Array.from({ length: many(scale, 300_000, 1_000_000) }, (_, index) => `X-${index}: y`)),
  },
  {
    name: 'header-lines-without-a-colon',
    mail: (scale) => headed(`${`no colon here${CRLF}`.repeat(many(scale, 300_000, 1_500_000))}X: y`),
  },
  {
    name: 'a-header-that-never-ends',
    mail: (scale) => Buffer.from('Subject: a\r\n'.repeat(many(scale, 500_000, 2_000_000))),
  },
  {
    name: 'encoded-words-by-the-hundred-thousand',
    mail: (scale) => headed(`Subject: ${'=?utf-8?q?=E2=82=AC?= '.repeat(many(scale, 100_000, 1_000_000))}`),
  },
  {
    name: 'encoded-words-in-base64-cut-inside-letters',
    mail: (scale) => headed(`Subject: ${'=?utf-8?b?4oI=?==?utf-8?b?rA==?='.repeat(many(scale, 100_000, 700_000))}`),
  },
  {
    name: 'encoded-words-that-never-close',
    mail: (scale) => headed(`Subject: ${'=?utf-8?q?'.repeat(many(scale, 500_000, 2_500_000))}`),
  },
  {
    name: 'one-encoded-word-of-megabytes',
    mail: (scale) => headed(`Subject: =?utf-8?q?${'=41'.repeat(many(scale, 1_000_000, 8_000_000))}?=`),
  },
  {
    name: 'encoded-words-of-many-charsets',
    mail: (scale) => {
      const charsets = ['utf-7', 'utf-16', 'iso-2022-jp', 'gb18030', 'x-nothing', 'utf-32', 'hz-gb-2312']
      const words = Array.from(
        { length: many(scale, 50_000, 500_000) },
        (_, index) => `=?${charsets[index % 7]}?b?G0IiJA==?=`,
      )
      return headed(`Subject: ${words.join(' ')}`)
    },
  },
  {
    name: 'parameter-continuations-by-the-hundred-thousand',
    mail: (scale) => {
      const parts = Array.from({ length: many(scale, 100_000, 600_000) }, (_, index) => `name*${index}*=%41%42`)
      return headed('MIME-Version: 1.0', `Content-Type: application/ics; ${parts.join(`;${CRLF} `)}`)
    },
  },
  {
    name: 'a-parameter-continued-at-number-2000000000',
    mail: () =>
      headed('MIME-Version: 1.0', 'Content-Type: application/ics; name*2000000000=a; name*0=b; name*4294967295*=c'),
  },
  {
    name: 'a-content-type-of-half-quoted-parameters',
    mail: (scale) =>
      headed(
        'MIME-Version: 1.0',
        `Content-Type: text/calendar; ${'a="\\"\\;'.repeat(many(scale, 200_000, 2_000_000))}`,
      ),
  },
  {
    name: 'an-address-list-of-a-million',
    mail: (scale) => headed(`Cc: ${'a@example.com, '.repeat(many(scale, 600_000, 1_800_000))}b@example.com`),
  },
  {
    name: 'a-from-of-a-hundred-thousand-mailboxes',
    mail: (scale) =>
      Buffer.from(`From: ${'"A, B" <a@example.com>, '.repeat(many(scale, 100_000, 1_000_000))}${CRLF}${CRLF}x`),
  },
  {
    name: 'comments-nested-in-an-address',
    mail: (scale) => headed(`Reply-To: ${'('.repeat(many(scale, 1_000_000, 10_000_000))}`),
  },
  {
    name: 'comments-nested-and-closed-in-an-address',
    mail: (scale) => {
      const depth = many(scale, 50_000, 5_000_000)
      return Buffer.from(`From: ${'('.repeat(depth)}${')'.repeat(depth)} ana@example.com${CRLF}${CRLF}x`)
    },
  },
  {
    name: 'groups-nested-in-an-address',
    mail: (scale) => headed(`Reply-To: ${'g:'.repeat(many(scale, 500_000, 5_000_000))};`),
  },
  {
    name: 'quotes-and-angles-that-never-close',
    mail: (scale) => Buffer.from(`From: ${'"<\\'.repeat(many(scale, 300_000, 3_000_000))}${CRLF}${CRLF}x`),
  },
  {
    name: 'an-address-of-at-signs',
    mail: (scale) => Buffer.from(`From: ${'a@'.repeat(many(scale, 500_000, 3_000_000))}${CRLF}${CRLF}x`),
  },
  {
    name: 'a-message-id-and-references-of-megabytes',
    mail: (scale) =>
      headed(`References: ${'<a@b>'.repeat(many(scale, 500_000, 4_000_000))}`, `Message-ID: <${'a'.repeat(1_000_000)}`),
  },
  {
    name: 'a-date-of-spaces-and-digits',
    mail: (scale) => headed(`Date: ${' 1'.repeat(many(scale, 500_000, 5_000_000))}`),
  },
  {
    name: 'a-header-of-nul-octets',
    mail: (scale) => headed(`Subject: ${'\0'.repeat(many(scale, 5_000_000, 25_000_000))}`),
  },
  {
    name: 'a-header-of-lone-carriage-returns',
    mail: (scale) => Buffer.from(`From: a@example.com${'\r'.repeat(many(scale, 5_000_000, 25_000_000))}`),
  },
]
