import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type SentMail, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { badMails } from './bad-input-cases.ts'

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(async () => tenant.close())

describe('bad input has a stored outcome, its sender the right answer, and the next mail is processed', () => {
  for (const [index, bad] of badMails.entries())
    it(bad.name, async () => {
      const sender = `sender-${index}@example.com`
      const before = (await tenant.sent()).length
      const outcome = await tenant.receive(bad.raw(sender), {
        from: sender,
        ...(bad.to === undefined ? {} : { to: bad.to }),
        ...(bad.authentication === undefined ? {} : { authentication: bad.authentication }),
      })
      expect([outcome.kind, outcome.reason, outcome.answer]).toEqual(bad.outcome)
      expect(outcome.eventIds).toHaveLength(bad.events ?? 0)
      for (const eventId of outcome.eventIds)
        expect(await findEvent(tenant.ctx, eventId)).toMatchObject({ organizerAddress: sender })
      const sent = (await tenant.sent()).slice(before)
      expect(sent.map(({ to }) => to)).toEqual((bad.mails ?? []).map(() => sender))
      const subjects = await Promise.all(sent.map(subjectOf))
      for (const [place, pattern] of (bad.mails ?? []).entries()) expect(subjects[place]).toMatch(pattern)

      const next = await tenant.receive(organizerMail({ uid: `next-${index}@example.com`, subject: 'Next' }))
      expect(next).toMatchObject({ kind: 'acted', reason: 'created', answer: 'created_mail' })
    })
})

async function subjectOf({ raw }: SentMail): Promise<string> {
  return (await PostalMime.parse(raw)).subject ?? ''
}
