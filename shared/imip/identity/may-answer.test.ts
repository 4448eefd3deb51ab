import { describe, expect, it } from 'vitest'
import type { ItipMethod } from '#shared/icalendar/model.ts'
import type { Authentication } from '../authentication.ts'
import type { DisassembledMail } from '../disassembled-mail.ts'
import { mayAnswer } from './may-answer.ts'

const AUTHENTICATION: Authentication = {
  spf: 'PASS',
  dkim: 'PASS',
  dmarc: 'PASS',
  spam: 'PASS',
  virus: 'PASS',
  envelopeFrom: 'ana@example.org',
  dkimDomains: [],
  isTrustedLoopback: false,
}

const MAIL: DisassembledMail = {
  readBy: 'scanner',
  from: [{ address: 'ana@example.org' }],
  replyTo: [],
  to: [],
  returnPath: 'ana@example.org',
  isListMail: false,
  isReport: false,
  isAutoReply: false,
  hasTnef: false,
  isEncrypted: false,
  isSigned: false,
  forwardedDepth: 0,
  calendars: [],
  unreadable: [],
  attachments: [],
  bodyHash: '0',
}

function withCalendar(method: ItipMethod | undefined): DisassembledMail {
  const calendar = {
    client: 'other' as const,
    vevents: [],
    otherComponents: [],
    customZones: [],
    warnings: [],
    ...(method !== undefined && { method }),
  }
  return { ...MAIL, calendars: [{ where: 'part', contentType: 'text/calendar', calendar, sha256: '0' }] }
}

describe('mayAnswer', () => {
  it('answers a person', () => {
    expect(mayAnswer(MAIL, AUTHENTICATION)).toEqual({ may: true })
    expect(mayAnswer({ ...MAIL, autoSubmitted: 'no', precedence: 'first-class' }, AUTHENTICATION)).toEqual({
      may: true,
    })
  })

  it.each<[string, Partial<DisassembledMail>, Partial<Authentication>]>([
    ['virus', {}, { virus: 'FAIL' }],
    ['spam', {}, { spam: 'FAIL' }],
    ['report', { isReport: true }, {}],
    ['null_return_path', {}, { envelopeFrom: '' }],
    ['null_return_path', { returnPath: '<>' }, {}],
    ['null_return_path', { returnPath: '' }, {}],
    ['auto_reply', { isAutoReply: true }, {}],
    ['auto_submitted', { autoSubmitted: 'auto-replied' }, {}],
    ['auto_submitted', { autoSubmitted: 'auto-generated' }, {}],
    ['auto_submitted', { autoSubmitted: 'Auto-Notified; owner-email="x@example.org"' }, {}],
    ['bulk', { precedence: 'Bulk' }, {}],
    ['bulk', { precedence: 'list' }, {}],
    ['bulk', { precedence: 'junk' }, {}],
    ['list', { isListMail: true }, {}],
    ['no_from', { from: [] }, {}],
    ['several_from', { from: [{ address: 'a@example.org' }, { address: 'b@example.org' }] }, {}],
    ['nobody_reads', { from: [{ address: 'no-reply@example.org' }] }, {}],
    ['nobody_reads', { from: [{ address: 'MAILER-DAEMON@example.org' }] }, {}],
  ])('does not answer: %s', (reason, mail, authentication) => {
    expect(mayAnswer({ ...MAIL, ...mail }, { ...AUTHENTICATION, ...authentication })).toEqual({ may: false, reason })
  })

  it('does not answer our own mailboxes', () => {
    const options = { isOwnAddress: (address: string) => address.endsWith('@events.example.com') }
    const own = { ...MAIL, from: [{ address: 'R-abc@Events.example.com' }] }
    expect(mayAnswer(own, AUTHENTICATION, options)).toEqual({ may: false, reason: 'own_address' })
    expect(mayAnswer(MAIL, AUTHENTICATION, options)).toEqual({ may: true })
  })

  it('answers the human behind a service mailbox', () => {
    const icloud = { ...MAIL, from: [{ address: 'noreply@insideicloud.icloud.com' }] }
    expect(mayAnswer(icloud, AUTHENTICATION, { answerTo: 'ana@icloud.com' })).toEqual({ may: true })
  })

  it.each([undefined, 'REQUEST', 'PUBLISH', 'ADD', 'CANCEL'] as const)(
    'answers an auto-generated %s of a calendar server',
    (method) => {
      expect(mayAnswer({ ...withCalendar(method), autoSubmitted: 'auto-generated' }, AUTHENTICATION)).toEqual({
        may: true,
      })
    },
  )

  it.each(['REPLY', 'COUNTER', 'REFRESH'] as const)('does not answer an automatic %s', (method) => {
    const mail = { ...withCalendar(method), autoSubmitted: 'auto-generated' }
    expect(mayAnswer(mail, AUTHENTICATION)).toEqual({ may: false, reason: 'auto_submitted' })
    expect(mayAnswer({ ...withCalendar('REQUEST'), autoSubmitted: 'auto-replied' }, AUTHENTICATION).may).toBe(false)
  })
})
