import { readFile } from 'node:fs/promises'
import PostalMime from 'postal-mime'
import { afterEach, describe, expect, it } from 'vitest'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const opened: TestTenant[] = []
afterEach(async () => {
  for (const tenant of opened.splice(0)) await tenant.close()
})

async function open() {
  const tenant = await createTestTenant()
  opened.push(tenant)
  return tenant
}

const sample = (name: string) => readFile(new URL(`../../samples/${name}.eml`, import.meta.url))

describe('one event from mail in to cancel', () => {
  it('is created, invited, answered, moved, and cancelled', async () => {
    const tenant = await open()
    const created = await tenant.receive(await sample('google-single-timed'), { from: 'ana.diaz@example.com' })
    expect(created).toMatchObject({ kind: 'acted', reason: 'created', answer: 'created_mail' })
    const eventId = created.eventIds[0] ?? ''
    expect((await tenant.sent()).map((mail) => mail.to)).toEqual(['ana.diaz@example.com'])

    await inviteAttendee(tenant.ctx, { eventId, address: 'bob@example.org', name: 'Bob', channel: 'api' })
    await tenant.drain()
    const invite = (await tenant.sent())[1]
    const parsed = await PostalMime.parse(invite?.raw ?? '')
    expect(parsed.subject).toBe('Invitation: Quarterly planning @ Tue 9 Mar 2027 14:00 (UTC)')
    const replyAddress = parsed.from?.address ?? ''

    const reply = (partstat: string, sequence: number, dtstamp: string) =>
      `From: Bob <bob@example.org>
To: ${replyAddress}
Message-ID: <${partstat}-${sequence}-${dtstamp}@example.org>
Subject: Accepted
MIME-Version: 1.0
Content-Type: text/calendar; charset=utf-8; method=REPLY

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Client//EN
METHOD:REPLY
BEGIN:VEVENT
UID:${eventId}@events.example.net
DTSTAMP:${dtstamp}
SEQUENCE:${sequence}
DTSTART:20270309T140000Z
ATTENDEE;PARTSTAT=${partstat}:mailto:bob@example.org
END:VEVENT
END:VCALENDAR
`
    const answered = await tenant.receive(reply('ACCEPTED', 0, '20261123T120000Z'), {
      to: replyAddress,
      from: 'bob@example.org',
    })
    expect(answered).toMatchObject({ kind: 'acted', reason: 'answer_recorded' })
    expect(await readStatistics(tenant.ctx, eventId)).toMatchObject({ attendees: 1, answers: { accepted: 1, none: 0 } })

    const updated = await tenant.receive(await sample('google-single-timed-update'), { from: 'ana.diaz@example.com' })
    expect(updated).toMatchObject({ kind: 'acted', reason: 'updated' })
    expect(await findEvent(tenant.ctx, eventId)).toMatchObject({ sequence: 1, lastResetSequence: 1 })
    const afterIt = (await tenant.sent()).slice(2).map((mail) => mail.to)
    expect(new Set(afterIt)).toEqual(new Set(['bob@example.org', 'ana.diaz@example.com']))
    expect(afterIt).toHaveLength(2)
    expect(await readStatistics(tenant.ctx, eventId)).toMatchObject({ answers: { accepted: 0, none: 1 } })

    const again = await tenant.receive(await sample('google-single-timed-update'), { from: 'ana.diaz@example.com' })
    expect(again).toMatchObject({ kind: 'ignored', reason: 'duplicate_mail' })

    const cancelled = await tenant.receive(await sample('google-single-timed-cancel'), { from: 'ana.diaz@example.com' })
    expect(cancelled).toMatchObject({ kind: 'acted', reason: 'cancelled' })
    const last = (await tenant.sent()).findLast(({ to }) => to === 'bob@example.org')
    expect(last?.raw.toString()).toContain('method=CANCEL')
    expect(await tenant.sent()).toHaveLength(6)
  })
})
