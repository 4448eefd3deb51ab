import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { isFailure } from '#shared/errors/failure.ts'
import type { InviteRecipient } from '../invite-revision.ts'
import { compileInvite } from './compile-invite.ts'
import { composeNotice, type Notice } from './compose-notice.ts'
import { anyName, recipientOf, revisionOf } from './revisions.fixture.ts'

function outcomeOf(act: () => Buffer): string {
  try {
    return `written: ${act().toString('latin1')}`
  } catch (error) {
    if (isFailure(error)) return error.code
    throw error
  }
}

const notice: Notice = {
  from: { address: 'create@events.example.com', name: 'Convoke' },
  to: { address: 'ana@example.com', name: 'Ana' },
  subject: 'Created',
  text: 'x',
  html: 'x',
  autoSubmitted: 'auto-replied',
  messageId: 'ntc_1@events.example.com',
  date: 0,
}

const hostile = fc
  .tuple(
    fc.string({ maxLength: 20, size: 'max' }),
    fc.constantFrom('\r', '\n', '\0', '\r\n', '\r\nBcc: eve@example.org', '\nX: y'),
    fc.string({ maxLength: 20, size: 'max' }),
  )
  .map((parts) => parts.join(''))

const FIELDS = ['address', 'name', 'replyAddress', 'sendId', 'messageId'] as const

describe('CR, LF and NUL', () => {
  const compiled = compileInvite(revisionOf())

  it.each(FIELDS)('in %s of a recipient are refused as bad_recipient', (field) => {
    fc.assert(
      fc.property(hostile, fc.boolean(), (value, hasDomain) => {
        const text = field === 'address' && hasDomain ? `${value}@example.com` : value
        expect(outcomeOf(() => compiled.splice(recipientOf({ [field]: text })))).toBe('invite.bad_recipient')
      }),
    )
  })

  it('in a link are refused as bad_recipient, and so is a link that is no web address', () => {
    for (const url of [
      'https://x.example/\r\nBcc: e',
      'https://x.example/> <',
      'javascript:alert(1)',
      'https://x.example/"onx="',
      '',
    ]) {
      expect(outcomeOf(() => compiled.splice(recipientOf({ links: { unsubscribeUrl: url } })))).toBe(
        'invite.bad_recipient',
      )
    }
  })

  it('in subject and organizer name of a revision are refused as bad_value', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        for (const change of [{ subject: value }, { organizerName: value }]) {
          expect(outcomeOf(() => compileInvite(revisionOf(change)).splice(recipientOf()))).toBe('invite.bad_value')
        }
      }),
    )
  })

  it('in any value of a notice are refused', () => {
    const person = (value: string) => ({ address: 'ana@example.com', name: value })
    fc.assert(
      fc.property(hostile, (value) => {
        const changes: Partial<Notice>[] = [
          { subject: value },
          { from: person(value) },
          { to: person(value) },
          { inReplyTo: value },
          { messageId: value },
          { headers: { 'X-Test': value } },
          { headers: { [value]: 'x' } },
          { to: { address: value } },
          { attachments: [{ filename: value, contentType: 'text/csv', content: Buffer.alloc(0) }] },
          { attachments: [{ filename: 'x', contentType: value, content: Buffer.alloc(0) }] },
        ]
        for (const change of changes) {
          expect(outcomeOf(() => composeNotice({ ...notice, ...change }))).toMatch(/^invite\.bad_(?:value|recipient)$/)
        }
      }),
    )
  })
})

describe('no value of any attendee makes a header, a line of calendar or a part', () => {
  const compiled = compileInvite(revisionOf())
  const plainHeaders = headersOf(compiled.splice(recipientOf()).toString('latin1'))

  it.each(['\u0085', '\u2028', '\u2029', '\u000b', '\u000c', '\u001c', '\t'])(
    'line break of Unicode %j becomes a space',
    async (mark) => {
      const mail = compiled.splice(recipientOf({ name: `Bob${mark}ATTENDEE:mailto:eve@example.org` }))
      const parsed = await simpleParser(mail)
      expect(parsed.attachments.at(-1)?.content.toString('utf8')).not.toContain(mark)
    },
  )

  it('for any name that is written at all', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(headersOf(compiled.splice(recipientOf({ name })).toString('latin1'))).toEqual(plainHeaders)
      }),
      { numRuns: 500 },
    )
  })

  it('for any string at all, anywhere: refused, or the same headers as ever', () => {
    const field = fc.constantFrom(...FIELDS)
    fc.assert(
      fc.property(field, fc.string({ unit: 'binary', maxLength: 80, size: 'max' }), (name, value) => {
        const change: Partial<InviteRecipient> = { [name]: value }
        const outcome = outcomeOf(() => compiled.splice(recipientOf(change)))
        if (outcome !== 'invite.bad_recipient')
          expect(headersOf(outcome.replace('written: ', ''))).toEqual(plainHeaders)
      }),
      { numRuns: 1000 },
    )
  })
})

/** Names of the header fields, and of the boundaries' lines. */
function headersOf(mail: string): string[] {
  const head = mail.slice(0, mail.indexOf('\r\n\r\n')).replace(/\r\n[ \t]/g, '')
  return [...head.split('\r\n').map((line) => line.slice(0, line.indexOf(':'))), ...(mail.match(/^--=_.*$/gm) ?? [])]
}
