import { createHash } from 'node:crypto'
import { type Bomb, htmlMail, mailOf, many, multipartMail, vcalendar, vevent } from './bomb.ts'

const CRLF = '\r\n'

const encoded = (encoding: string, body: string | Buffer, type = 'text/calendar; charset=utf-8'): Buffer =>
  mailOf(['MIME-Version: 1.0', `Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`], body)

const calendarBase64 = (bytes: number): string => {
  const text = vcalendar([vevent([`DESCRIPTION:${'x'.repeat(bytes)}`])])
  return Buffer.from(text).toString('base64')
}

/** The same random octets every time. */
function noise(bytes: number): Buffer {
  return createHash('shake256', { outputLength: bytes }).update('noise').digest()
}

/** UTF-16 of a calendar padded to a size: twice the bytes, and every second one NUL. */
function utf16(bytes: number, bom: boolean): Buffer {
  const text = vcalendar([vevent([`DESCRIPTION:${'\u2028'.repeat(bytes / 2)}`])])
  return Buffer.concat([Buffer.from(bom ? [0xff, 0xfe] : []), Buffer.from(text, 'utf16le')])
}

export const mimeBodyBombs: readonly Bomb[] = [
  {
    name: 'one-base64-line-of-10-megabytes',
    mail: (scale) => encoded('base64', calendarBase64(many(scale, 7_500_000, 20_000_000))),
  },
  {
    name: 'base64-one-letter-per-line',
    mail: (scale) => encoded('base64', calendarBase64(many(scale, 500_000, 3_000_000)).replace(/./g, '$&\r\n')),
  },
  {
    name: 'base64-padded-everywhere',
    mail: (scale) => encoded('base64', 'QQ=='.repeat(many(scale, 2_000_000, 7_000_000))),
  },
  {
    name: 'base64-of-nothing-but-noise',
    mail: (scale) => encoded('base64', '*&^%$ !~'.repeat(many(scale, 1_000_000, 3_500_000))),
  },
  {
    name: 'quoted-printable-of-soft-breaks-alone',
    mail: (scale) => encoded('quoted-printable', `=${CRLF}`.repeat(many(scale, 3_000_000, 9_000_000))),
  },
  {
    name: 'quoted-printable-of-broken-escapes',
    mail: (scale) => encoded('quoted-printable', '=Z'.repeat(many(scale, 4_000_000, 14_000_000))),
  },
  {
    name: 'quoted-printable-lines-of-trailing-spaces',
    mail: (scale) => encoded('quoted-printable', `x${' '.repeat(50_000)}${CRLF}`.repeat(many(scale, 100, 550))),
  },
  {
    name: 'a-text-of-10-megabytes-on-one-line',
    mail: (scale) => encoded('7bit', 'x'.repeat(many(scale, 10_000_000, 29_000_000)), 'text/plain'),
  },
  {
    name: 'a-flowed-text-of-quote-marks',
    mail: (scale) =>
      encoded('7bit', `> ${CRLF}`.repeat(many(scale, 2_000_000, 7_000_000)), 'text/plain; format=flowed; delsp=yes'),
  },
  {
    name: 'links-in-a-text-by-the-hundred-thousand',
    mail: (scale) => encoded('7bit', 'http://a.b.example/?'.repeat(many(scale, 300_000, 1_400_000)), 'text/plain'),
  },
  {
    name: 'a-text-that-almost-holds-links',
    mail: (scale) =>
      encoded('7bit', `${'a@'.repeat(50_000)}${'.a'.repeat(50_000)} `.repeat(many(scale, 20, 100)), 'text/plain'),
  },
  {
    name: 'a-text-that-begins-calendars-and-never-ends-them',
    mail: (scale) => encoded('7bit', `BEGIN:VCALENDAR${CRLF}`.repeat(many(scale, 300_000, 1_500_000)), 'text/plain'),
  },
  {
    name: 'a-text-of-calendar-ends-before-calendar-begins',
    mail: (scale) =>
      encoded('7bit', `END:VCALENDAR${CRLF}BEGIN:VCALENDAR${CRLF}`.repeat(many(scale, 150_000, 800_000)), 'text/plain'),
  },
  {
    name: 'random-octets-called-a-calendar',
    mail: (scale) => encoded('8bit', noise(many(scale, 5_000_000, 25_000_000))),
  },
  {
    name: 'random-octets-called-an-encoded-calendar',
    mail: (scale) => encoded('x-uuencode', noise(many(scale, 5_000_000, 25_000_000))),
  },
  { name: 'nothing-but-nul-octets', mail: (scale) => Buffer.alloc(many(scale, 10_000_000, 30_000_000)) },
  { name: 'nothing-but-line-feeds', mail: (scale) => Buffer.alloc(many(scale, 10_000_000, 30_000_000), '\n') },
  {
    name: 'a-calendar-in-utf-16-with-a-mark',
    mail: (scale) => encoded('8bit', utf16(many(scale, 5_000_000, 24_000_000), true)),
  },
  {
    name: 'a-calendar-in-utf-16-without-a-mark',
    mail: (scale) => encoded('8bit', utf16(many(scale, 5_000_000, 24_000_000), false), 'text/calendar; charset=utf-16'),
  },
  {
    name: 'a-calendar-in-utf-7',
    mail: (scale) => encoded('7bit', '+AGE-'.repeat(many(scale, 1_000_000, 5_000_000)), 'text/calendar; charset=utf-7'),
  },
  {
    name: 'a-calendar-in-a-charset-that-shifts-all-the-time',
    mail: (scale) =>
      encoded('8bit', '\x1b$B!!\x1b(B'.repeat(many(scale, 500_000, 3_000_000)), 'text/calendar; charset=iso-2022-jp'),
  },
  {
    name: 'broken-utf-8-throughout',
    mail: (scale) => encoded('8bit', Buffer.alloc(many(scale, 5_000_000, 25_000_000), 0xe2)),
  },
  {
    name: 'a-winmail-dat-of-garbage-attributes',
    mail: (scale) => {
      const head = Buffer.from('789f3e220100', 'hex')
      const attributes = Buffer.alloc(many(scale, 2_000_000, 15_000_000), Buffer.from('0103900600ffffff7f', 'hex'))
      const body = Buffer.concat([head, attributes]).toString('base64').replace(/.{76}/g, '$&\r\n')
      return encoded('base64', body, 'application/ms-tnef; name=winmail.dat')
    },
  },
  {
    name: 'an-encrypted-mail-of-endless-lengths',
    mail: (scale) =>
      encoded(
        'base64',
        Buffer.alloc(many(scale, 1_000_000, 8_000_000), Buffer.from('3084ffffffff', 'hex')).toString('base64'),
        'application/pkcs7-mime; smime-type=signed-data',
      ),
  },
  {
    name: 'an-encrypted-mail-nested-very-deep',
    mail: (scale) =>
      encoded(
        'base64',
        Buffer.alloc(many(scale, 1_000_000, 8_000_000), Buffer.from('3080a080', 'hex')).toString('base64'),
        'application/pkcs7-mime; smime-type=signed-data',
      ),
  },
  {
    name: 'a-gzip-that-would-swell-a-thousandfold',
    mail: () =>
      encoded(
        'base64',
        Buffer.from('1f8b08000000000000ff', 'hex').toString('base64').repeat(10_000),
        'text/calendar; charset=utf-8; name=a.ics.gz',
      ),
  },
  {
    name: 'a-thousand-calendars-attached',
    mail: (scale) => {
      const part = (index: number): string =>
        `Content-Type: text/calendar; method=REQUEST${CRLF}${CRLF}${vcalendar([vevent([], `u${index}@example.com`)])}`
      return multipartMail(Array.from({ length: many(scale, 1000, 20_000) }, (_, index) => part(index)))
    },
  },
  {
    name: 'an-html-of-megabytes',
    mail: (scale) => htmlMail(`<p>${'word '.repeat(many(scale, 1_000_000, 5_500_000))}</p>`),
  },
]
