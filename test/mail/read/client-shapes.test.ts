import { describe, expect, it } from 'vitest'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'
import { fixture, fixtureNames } from './fixtures.ts'

type Expected = {
  readonly method: string
  readonly where: string
  readonly parameter: string | undefined
  readonly uid: string
}

const GOOGLE = { where: 'part', uid: '7k2m9p4q1r8s@example.com' }
const OUTLOOK = {
  where: 'part',
  uid: '040000008200E00074C5B7101A82E00800000000A0B1C2D3E4F5DA01000000000000000010000000F00DCAFE',
}
const APPLE = { where: 'attachment', parameter: undefined, uid: '5F1C0B7E-6E0A-4B7D-9C51-0A1B2C3D4E5F' }

const EXPECTED: Readonly<Record<string, Expected>> = {
  'google-request': { ...GOOGLE, method: 'REQUEST', parameter: 'REQUEST' },
  'google-cancel': { ...GOOGLE, method: 'CANCEL', parameter: 'CANCEL' },
  'google-reply': { ...GOOGLE, method: 'REPLY', parameter: 'REPLY' },
  'outlook-request': { ...OUTLOOK, method: 'REQUEST', parameter: 'REQUEST' },
  'outlook-cancel': { ...OUTLOOK, method: 'CANCEL', parameter: 'CANCEL' },
  'outlook-reply': { ...OUTLOOK, method: 'REPLY', parameter: 'REPLY' },
  'apple-request': { ...APPLE, method: 'REQUEST' },
  'apple-reply': { ...APPLE, method: 'REPLY' },
  'yahoo-request': {
    where: 'part',
    method: 'REQUEST',
    parameter: 'REQUEST',
    uid: 'b7c2d6f0-1111-4222-8333-444455556666',
  },
  'icloud-request': {
    where: 'part',
    method: 'REQUEST',
    parameter: 'REQUEST',
    uid: 'C0FFEE00-0000-4000-8000-00000000CAFE',
  },
  'lotus-request': {
    where: 'part',
    method: 'REQUEST',
    parameter: 'REQUEST',
    uid: 'Lotus Notes Generated:A1B2C3D4@example.com',
  },
}

describe('each client’s shape', () => {
  it('every fixture has its expectation', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual([...fixtureNames].sort())
  })

  it.each(Object.entries(EXPECTED))('%s: one calendar, read by our scanner, copies merged', async (name, expected) => {
    const mail = await disassembleMail(fixture(name))
    expect(mail).toMatchObject({
      readBy: 'scanner',
      forwardedDepth: 0,
      unreadable: [],
      attachments: [],
      isReport: false,
    })
    expect(mail.calendars).toHaveLength(1)
    const [found] = mail.calendars
    expect(found?.where).toBe(expected.where)
    expect(found?.methodParameter).toBe(expected.parameter)
    expect(found?.calendar.method).toBe(expected.method)
    expect(found?.calendar.vevents.map(({ uid }) => uid)).toEqual([expected.uid])
    expect(found?.calendar.warnings).not.toContain('method_mismatch')
    expect(mail.date).toBeGreaterThanOrEqual(Date.parse('2026-02-20T09:15:00Z'))
  })

  it('Google: the organizer writes, a machine sends, the null path is not claimed', async () => {
    expect(await disassembleMail(fixture('google-request'))).toMatchObject({
      from: [{ address: 'ana@example.com', name: 'Ana Diaz' }],
      sender: { address: 'calendar-notification@google.example.com' },
      autoSubmitted: 'auto-generated',
      isAutoReply: false,
      returnPath: '3ZQuYZhsKANAana@calendar-server.bounces.example.com',
      subject: 'Invitation: Quarterly planning with Zoë @ Tue Mar 3, 2026 10am - 11am (CET)',
    })
  })

  it('Outlook: asking others not to answer by machine is no automatic reply', async () => {
    expect(await disassembleMail(fixture('outlook-request'))).toMatchObject({
      from: [{ address: 'ana@example.com', name: 'Diaz, Ana' }],
      isAutoReply: false,
      hasTnef: false,
      subject: 'Quarterly planning with Zoë',
    })
  })

  it('iCloud: the human hides behind Reply-To', async () => {
    expect(await disassembleMail(fixture('icloud-request'))).toMatchObject({
      from: [{ address: 'noreply@insideicloud.example.com' }],
      replyTo: [{ address: '2_GU2DKMJXGAYTGMBR@imip.example.com' }],
    })
  })

  it('Lotus: ISO-8859-1 in the mail and in the calendar', async () => {
    const mail = await disassembleMail(fixture('lotus-request'))
    expect(mail.text).toContain('Quartalsgespräch')
    expect(mail.calendars[0]?.calendar.vevents[0]?.summary).toBe('Quartalsgespräch')
  })
})
