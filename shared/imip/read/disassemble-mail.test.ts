import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
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
} from '#test/mail/read/build-mail.ts'
import { disassembleMail } from './disassemble-mail.ts'

const INVITE = calendarText('u1@example.com')

function uids(mail: DisassembledMail): readonly string[] {
  return mail.calendars.flatMap(({ calendar }) => calendar.vevents.map(({ uid }) => uid))
}

function attached(type: string, body: string, disposition = 'attachment'): string {
  return entity(
    [`Content-Type: ${type}`, `Content-Disposition: ${disposition}`, 'Content-Transfer-Encoding: base64'],
    base64Lines(body),
  )
}

describe('finds the calendar', () => {
  it.each([
    ['in text/calendar', calendarPart(INVITE), 'part'],
    [
      'in text/calendar sent as an attachment, without method',
      attached('text/calendar; name=x.ics', INVITE),
      'attachment',
    ],
    ['in application/ics', attached('application/ics; name=invite.ics', INVITE), 'attachment'],
    [
      'in application/octet-stream by its name',
      attached('application/octet-stream; name=invite.ICS', INVITE),
      'attachment',
    ],
    [
      'in application/octet-stream by its first line',
      attached('application/octet-stream', `\r\n \ufeff${INVITE}`),
      'attachment',
    ],
    ['in a .vcs file', attached('text/x-vcalendar; name=a.vcs', INVITE), 'attachment'],
    ['in an attached text file', attached('text/plain; name=note.txt', INVITE), 'attachment'],
    ['in a text/calendar with inline disposition', attached('text/calendar; method=REQUEST', INVITE, 'inline'), 'part'],
    [
      'in quoted-printable',
      entity(
        ['Content-Type: text/calendar', 'Content-Transfer-Encoding: quoted-printable'],
        INVITE.replaceAll('=', '=3D'),
      ),
      'part',
    ],
    ['in 7bit', entity(['Content-Type: text/calendar'], INVITE), 'part'],
    [
      'in base64 without padding and with junk',
      entity(
        ['Content-Type: text/calendar', 'Content-Transfer-Encoding: base64'],
        base64Lines(INVITE, 31).replaceAll('=', '!'),
      ),
      'part',
    ],
    [
      'in UTF-16',
      entity(
        ['Content-Type: text/calendar; charset=utf-16', 'Content-Transfer-Encoding: base64'],
        base64Lines(Buffer.from(`\ufeff${INVITE}`, 'utf16le')),
      ),
      'part',
    ],
    [
      'in UTF-16 under no type',
      entity(
        ['Content-Type: application/octet-stream', 'Content-Transfer-Encoding: base64'],
        base64Lines(Buffer.from(`\ufeff${INVITE}`, 'utf16le')),
      ),
      'attachment',
    ],
    ['in base64 that does not say so', entity(['Content-Type: text/calendar'], base64Lines(INVITE)), 'raw'],
    ['in the header of its own part', `Content-Type: text/calendar\r\n${INVITE}`, 'raw'],
    ['pasted into the text', textPart(`Hello\r\n\r\n${INVITE}\r\nBye`), 'raw'],
    [
      'pasted and quoted',
      textPart(
        `He wrote:\r\n${INVITE.trimEnd()
          .split('\r\n')
          .map((line) => `> ${line}`)
          .join('\r\n')}`,
      ),
      'raw',
    ],
    [
      'behind a delimiter nobody announced',
      `Content-Type: text/html\r\n\r\n<p>x</p>\r\n--other\r\nContent-Type: text/calendar\r\n\r\n${INVITE}`,
      'raw',
    ],
  ])('%s', async (_name, part, where) => {
    const mail = await disassembleMail(mixedMail([textPart('See you.'), part]))
    expect(mail.forwardedDepth).toBe(0)
    if (where !== 'raw') expect(mail).toMatchObject({ readBy: 'scanner', unreadable: [] })
    expect(mail.calendars.map((found) => found.where)).toEqual([where])
    expect(uids(mail)).toEqual(['u1@example.com'])
  })

  it('as the whole mail', async () => {
    const mail = await disassembleMail(singleMail(['Content-Type: text/calendar; method=request'], INVITE))
    expect(mail.calendars).toMatchObject([{ where: 'part', methodParameter: 'REQUEST', contentType: 'text/calendar' }])
  })

  it('by mailparser where our scanner declines, and says so', async () => {
    const raw = mixedMail([calendarPart(INVITE)])
      .toString('latin1')
      .replace('--mixed-1--', '')
    const mail = await disassembleMail(Buffer.from(raw, 'latin1'))
    expect(mail.readBy).toBe('mailparser')
    expect(uids(mail)).toEqual(['u1@example.com'])
  })

  it('in a charset other than the declared one', async () => {
    const named = calendarText('u1@example.com', { summary: 'Café' })
    const type = 'text/calendar; charset=utf-8; method=REQUEST'
    const mail = await disassembleMail(
      mixedMail([
        entity(
          [`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64'],
          base64Lines(Buffer.from(named, 'latin1')),
        ),
      ]),
    )
    expect(mail.calendars[0]?.calendar.vevents[0]?.summary).toBe('Café')
  })
})

describe('copies of one invite', () => {
  it('prefers text/calendar to the attached file', async () => {
    const mail = await disassembleMail(
      mixedMail([attached('application/ics; name=invite.ics', INVITE), calendarPart(INVITE)]),
    )
    expect(mail.calendars.map(({ where, contentType }) => [where, contentType])).toEqual([['part', 'text/calendar']])
  })

  it('knows a copy by UID, SEQUENCE and DTSTAMP, not by its bytes', async () => {
    const copy = calendarText('u1@example.com', { method: 'PUBLISH', summary: 'Same, other words' })
    const mail = await disassembleMail(mixedMail([calendarPart(INVITE), attached('application/ics', copy)]))
    expect(mail.calendars).toHaveLength(1)
  })

  it.each([
    ['another UID', calendarText('u2@example.com')],
    ['another SEQUENCE', calendarText('u1@example.com', { sequence: 1 })],
    ['another RECURRENCE-ID', calendarText('u1@example.com', { lines: ['RECURRENCE-ID:20260303T090000Z'] })],
    ['another method', calendarText('u1@example.com', { method: 'CANCEL' })],
  ])('keeps one with %s', async (_name, other) => {
    const mail = await disassembleMail(mixedMail([calendarPart(INVITE), attached('application/ics', other)]))
    expect(mail.calendars).toHaveLength(2)
  })

  it('tells each of several calendars in one part', async () => {
    const mail = await disassembleMail(inviteMail(INVITE + calendarText('u2@example.com')))
    expect(uids(mail)).toEqual(['u1@example.com', 'u2@example.com'])
  })
})

describe('the method parameter', () => {
  it.each([
    ['equal to the body', 'REQUEST', 'text/calendar; method=REQUEST', false],
    ['contradicting it', 'CANCEL', 'text/calendar; method=REQUEST', true],
    ['without METHOD in the body', '', 'text/calendar; method=REQUEST', true],
    ['absent', 'REQUEST', 'text/calendar', false],
  ])('%s', async (_name, method, type, isMismatch) => {
    const mail = await disassembleMail(inviteMail(calendarText('u1@example.com', { method }), [], type))
    expect(mail.calendars[0]?.calendar.method).toBe(method === '' ? undefined : method)
    expect(mail.calendars[0]?.calendar.warnings.includes('method_mismatch')).toBe(isMismatch)
  })
})

describe('forwarded', () => {
  function forwarded(times: number): Buffer {
    let inner = inviteMail(INVITE).toString('latin1')
    for (let i = 0; i < times; i++) {
      inner = multipart(headerLines(), 'multipart/mixed', `fw-${i}`, [
        textPart('FYI'),
        entity(['Content-Type: message/rfc822'], inner),
      ])
    }
    return Buffer.from(inner, 'latin1')
  }

  it.each([1, 2, 5])('%i deep', async (times) => {
    const mail = await disassembleMail(forwarded(times))
    expect(mail).toMatchObject({ forwardedDepth: times, text: 'FYI', calendars: [{ where: 'forwarded' }] })
    expect(mail.attachments).toMatchObject([{ contentType: 'message/rfc822' }])
  })

  it('six deep is nobody’s invite', async () => {
    const mail = await disassembleMail(forwarded(6))
    expect(mail.calendars).toEqual([])
  })

  it('a direct calendar stands before a forwarded one', async () => {
    const inner = multipart(headerLines(), 'multipart/mixed', 'in-1', [calendarPart(calendarText('u2@example.com'))])
    const mail = await disassembleMail(
      mixedMail([entity(['Content-Type: message/rfc822'], inner), calendarPart(INVITE)]),
    )
    expect(mail.forwardedDepth).toBe(0)
    expect(mail.calendars.map(({ where }) => where)).toEqual(['part', 'forwarded'])
  })

  it('in base64, as no standard allows and some gateways do', async () => {
    const part = entity(
      ['Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64'],
      base64Lines(inviteMail(INVITE)),
    )
    expect(uids(await disassembleMail(mixedMail([part])))).toEqual(['u1@example.com'])
  })
})
