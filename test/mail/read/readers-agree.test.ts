import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { isDeclined } from '#shared/imip/read/mail-part.ts'
import { compareReaders } from '#shared/imip/read/oracle/compare-readers.ts'
import { reasonFor } from '#shared/imip/read/oracle/differences.ts'
import { scanParts } from '#shared/imip/read/scan-parts.ts'
import {
  base64Lines,
  calendarPart,
  calendarText,
  entity,
  headerLines,
  inviteMail,
  mixedMail,
  multipart,
  singleMail,
  textPart,
} from './build-mail.ts'
import { fixture, fixtureNames } from './fixtures.ts'

const INVITE = calendarText('u1@example.com')
const HTML = entity(['Content-Type: text/html; charset=utf-8'], '<p>Café</p>')

const MAILS: readonly (readonly [string, Buffer])[] = [
  ...fixtureNames.map((name): [string, Buffer] => [name, fixture(name)]),
  ['one text', singleMail([], 'hello\r\n')],
  ['one html', singleMail(['Content-Type: text/html'], '<p>x</p>')],
  ['one calendar', singleMail(['Content-Type: text/calendar'], INVITE)],
  ['invite', inviteMail(INVITE)],
  ['two texts and html', mixedMail([textPart('a'), HTML, textPart('b')])],
  [
    'alternative',
    Buffer.from(multipart(headerLines(), 'multipart/alternative', 'a-1', [textPart('a'), HTML, calendarPart(INVITE)])),
  ],
  [
    'related',
    Buffer.from(
      multipart(headerLines(), 'multipart/related', 'r-1', [
        HTML,
        entity(['Content-Type: image/png', 'Content-ID: <i>'], 'x'),
      ]),
    ),
  ],
  [
    'signed',
    Buffer.from(
      multipart(headerLines(), 'multipart/signed', 's-1', [
        textPart('a'),
        entity(['Content-Type: application/pgp-signature'], 's'),
      ]),
    ),
  ],
  ['flowed', singleMail(['Content-Type: text/plain; format=flowed'], 'One \r\ntwo\r\n> a \r\n> b\r\n-- \r\nAna\r\n')],
  ['flowed and stuffed', singleMail(['Content-Type: text/plain; format=flowed'], ' >a \r\n b\r\n\r\n')],
  ['forwarded', mixedMail([textPart('FYI'), entity(['Content-Type: message/rfc822'], `Subject: in\r\n\r\n${INVITE}`)])],
  [
    'odd base64',
    mixedMail([
      entity(
        ['Content-Type: application/x', 'Content-Transfer-Encoding: base64'],
        `${base64Lines(INVITE, 7)}!!\r\n=\r\nYQ`,
      ),
    ]),
  ],
  [
    'odd quoted-printable',
    mixedMail([
      entity(
        ['Content-Type: application/x', 'Content-Transfer-Encoding: quoted-printable'],
        'a=zz \r\n=\r\nb=3d =20\r\n=',
      ),
    ]),
  ],
  [
    'names of every kind',
    mixedMail([
      entity(["Content-Type: a/b; name*0*=utf-8''caf%C3%A9; name*1=.txt"], 'x'),
      entity(['Content-Type: a/b; name="=?utf-8?Q?caf=C3=A9?="'], 'x'),
    ]),
  ],
  ['an odd disposition', mixedMail([entity(['Content-Type: text/plain', 'Content-Disposition: hidden'], 'x')])],
  ['ISO-8859-15', singleMail(['Content-Type: text/plain; charset=iso-8859-15'], Buffer.from([0xa4, 0x35]))],
  ['Shift_JIS', singleMail(['Content-Type: text/plain; charset=shift_jis'], Buffer.from([0x89, 0xef, 0x8b, 0x63]))],
  [
    'ISO-2022-JP',
    singleMail(['Content-Type: text/plain; charset=iso-2022-jp'], Buffer.from('\x1b$B2q5D\x1b(B', 'latin1')),
  ],
  ['UTF-16', singleMail(['Content-Type: text/plain; charset=utf-16le'], Buffer.from('Café', 'utf16le'))],
]

describe('our scanner and mailparser read the same', () => {
  it.each(MAILS)('%s', async (_name, raw) => {
    expect(await compareReaders(raw)).toMatchObject({ kind: 'compared', differences: [] })
  })
})

describe('where they differ, a named rule says why', () => {
  it.each([
    ['octet_stream_kept', mixedMail([entity(['Content-Type: application/octet-stream; name=a.png'], 'x')])],
    ['eight_bit_undeclared', singleMail(['Content-Type: text/plain; charset=utf-8'], Buffer.from('Caf\xe9', 'latin1'))],
    ['utf8_declared_otherwise', singleMail(['Content-Type: text/plain; charset=iso-8859-1'], 'Café')],
    ['byte_order_mark', singleMail(['Content-Type: text/plain; charset=utf-8'], '\ufeffhello')],
    ['flowed_stuffing', singleMail(['Content-Type: text/plain; format=flowed; delsp=yes'], 'a \r\n b\r\n')],
    ['digest_default', Buffer.from(multipart(headerLines(), 'multipart/digest', 'd-1', ['\r\nSubject: in\r\n\r\nx']))],
  ])('%s', async (reason, raw) => {
    const compared = await compareReaders(raw)
    const reasons = compared.kind === 'compared' ? compared.differences.map((one) => one.reason) : []
    expect(new Set(reasons)).toEqual(new Set([reason]))
  })

  it('a difference of another kind has no reason', () => {
    const scanned = scanParts(singleMail(['Content-Type: text/plain; charset=utf-8'], 'hello'))
    if (isDeclined(scanned)) throw new Error('the plainest mail was declined')
    for (const place of [
      'text',
      'html',
      'attachments',
      'part 0 type',
      'part 0 name',
      'part 0 content',
      'part 0 size',
      'mail',
    ]) {
      expect(reasonFor({ place, ours: 'hello', theirs: 'hullo', leaf: scanned.leaves[0], scanned })).toBeUndefined()
    }
  })
})
