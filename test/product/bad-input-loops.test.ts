import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { mailWith, organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { unbelieved } from './bad-input-cases.ts'

/** Starting the reading process is slow; a tenant of its own for each test is not. */
const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant({ reader })
})
afterEach(async () => tenant.close())

const ana = 'ana.diaz@example.com'

/** What marks a mail that must not be answered; each in the envelope or the header. */
const marks: readonly { readonly name: string; readonly headers?: readonly string[]; readonly from?: string }[] = [
  { name: 'Auto-Submitted: auto-replied', headers: ['Auto-Submitted: auto-replied'] },
  { name: 'Auto-Submitted: auto-notified', headers: ['Auto-Submitted: auto-notified; owner-email="x@example.com"'] },
  { name: 'Precedence: bulk', headers: ['Precedence: bulk'] },
  { name: 'Precedence: list', headers: ['Precedence: list'] },
  { name: 'Precedence: junk', headers: ['Precedence: junk'] },
  { name: 'a List-Id', headers: ['List-Id: <team.example.com>'] },
  { name: 'the null envelope sender', from: '' },
  { name: 'a null Return-Path', headers: ['Return-Path: <>'] },
]

const broken = (uid: string, headers: readonly string[] = []) =>
  mailWith({ uid, headers }, 'text/calendar; method=REQUEST', 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n')

describe('a mail that a machine sent', () => {
  for (const { name, headers = [], from = ana } of marks) {
    it(`gets no failure mail: ${name}`, async () => {
      const outcome = await tenant.receive(broken('broken', headers), { from })
      expect(outcome).toMatchObject({ kind: 'ignored', answer: 'nothing' })
      expect(outcome.reason).toMatch(/^(?:truncated_calendar|auto_reply)$/)
      expect(await tenant.sent()).toEqual([])
    })

    it(`gets no confirmation link: ${name}`, async () => {
      const outcome = await tenant.receive(organizerMail({ uid: 'u', headers }), { from, authentication: unbelieved })
      expect(outcome).toMatchObject({ kind: 'needs_confirmation', answer: 'nothing' })
      expect(await tenant.sent()).toEqual([])
    })

    it(`gets no created mail, though its event is made: ${name}`, async () => {
      const outcome = await tenant.receive(organizerMail({ uid: 'u', headers }), { from })
      expect(outcome).toMatchObject({ kind: 'acted', reason: 'created', answer: 'nothing' })
      expect(outcome.eventIds).toHaveLength(1)
      expect(await tenant.sent()).toEqual([])
    })
  }

  it('is answered when a calendar server sent it for a person', async () => {
    const headers = ['Auto-Submitted: auto-generated']
    expect(await tenant.receive(organizerMail({ uid: 'u', headers }))).toMatchObject({ answer: 'created_mail' })
  })

  it('does not use up the day’s one confirmation link of its address', async () => {
    const headers = ['Precedence: bulk']
    await tenant.receive(organizerMail({ uid: 'bulk', headers }), { authentication: unbelieved })
    const own = await tenant.receive(organizerMail({ uid: 'own' }), { authentication: unbelieved })
    expect(own).toMatchObject({ kind: 'needs_confirmation', answer: 'confirmation_link' })
  })
})

describe('a sender whose mails fail again and again', () => {
  it('is told of ten a day and of no more', async () => {
    const answers: string[] = []
    for (let turn = 0; turn < 12; turn += 1) answers.push((await tenant.receive(broken(`b-${turn}`))).answer)
    expect(answers).toEqual([...Array.from({ length: 10 }, () => 'failed_mail'), 'nothing', 'nothing'])
    expect(await tenant.sent()).toHaveLength(10)
    tenant.platform.clock.advance(24 * 3600 + 1)
    expect(await tenant.receive(broken('b-next'))).toMatchObject({ answer: 'failed_mail' })
  })
})
