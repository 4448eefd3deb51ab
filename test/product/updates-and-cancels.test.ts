import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(async () => tenant.close())

const organizer = 'ana.diaz@example.com'
let count = 0

type Text = {
  readonly start?: string
  readonly end?: string
  readonly summary?: string
  readonly lines?: readonly string[]
}

/** One organizer's mail about one UID; `revision` orders them. */
function mail(uid: string, method: string, revision: number, text: Text = {}): string {
  count += 1
  return `From: Ana Diaz <${organizer}>
To: create@events.example.net
Subject: ${text.summary ?? 'Stand-up'}
Message-ID: <${uid}-${revision}-${count}@example.com>
MIME-Version: 1.0
Content-Type: text/calendar; charset=utf-8; method=${method}

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example Corp//Calendar 3//EN
METHOD:${method}
BEGIN:VEVENT
UID:${uid}
SEQUENCE:${revision}
DTSTAMP:20261123T1${revision}0000Z
DTSTART;TZID=Europe/Madrid:${text.start ?? '20270305T100000'}
DTEND;TZID=Europe/Madrid:${text.end ?? '20270305T103000'}
SUMMARY:${text.summary ?? 'Stand-up'}
ORGANIZER;CN=Ana Diaz:mailto:${organizer}
ATTENDEE:mailto:create@events.example.net
${(text.lines ?? []).map((line) => `${line}\n`).join('')}END:VEVENT
END:VCALENDAR
`
}

const weekly: Text = { lines: ['RRULE:FREQ=WEEKLY;COUNT=6'] }

/** A created event; Bob accepted, Cleo never answered. */
async function answered(uid: string, text: Text = {}) {
  const { eventIds } = await tenant.receive(mail(uid, 'REQUEST', 0, text), { from: organizer })
  const eventId = eventIds[0] ?? ''
  for (const address of ['bob@example.org', 'cleo@example.org'])
    await inviteAttendee(tenant.ctx, { eventId, address, channel: 'api' })
  await tenant.drain()
  const invites = (await tenant.sent()).slice(-2)
  const bobs = invites.find((one) => one.to === 'bob@example.org')
  const replyAddress = (await PostalMime.parse(bobs?.raw ?? '')).from?.address ?? ''
  const reply = (sequence: number, dtstamp: string) =>
    tenant.receive(
      replyShapes.google({
        uid: `${eventId}@events.example.net`,
        replyAddress,
        attendee: 'bob@example.org',
        partstat: 'ACCEPTED',
        sequence,
        dtstamp,
        start: '20270305T090000Z',
        end: '20270305T093000Z',
      }),
      { to: replyAddress, from: 'bob@example.org' },
    )
  await reply(0, '20261123T101500Z')
  const before = (await tenant.sent()).length
  const since = async () => {
    // What sums it up for the organizer is another test's.
    const mails = (await tenant.sent()).slice(before).filter(({ to }) => to !== organizer)
    return Promise.all(mails.map(async (one) => ({ to: one.to, ...(await calendarOf(one.raw)) })))
  }
  return { eventId, reply, since }
}

async function calendarOf(raw: Buffer) {
  const parsed = await PostalMime.parse(raw)
  const part = parsed.attachments.find((attachment) => attachment.mimeType === 'text/calendar')
  const bytes = part?.content
  const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)
  return { subject: parsed.subject ?? '', calendar: text.replaceAll(/\r?\n /g, '') }
}

describe('a change the organizer mails', () => {
  it('to the time raises SEQUENCE, resets the answers and reaches who answered', async () => {
    const one = await answered('move')
    const moved = mail('move', 'REQUEST', 1, { start: '20270305T150000', end: '20270305T153000' })
    expect(await tenant.receive(moved, { from: organizer })).toMatchObject({ kind: 'acted', reason: 'updated' })
    expect(await findEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 1, lastResetSequence: 1 })
    const [update, ...others] = await one.since()
    expect(others).toEqual([])
    expect(update?.to).toBe('bob@example.org')
    expect(update?.calendar).toMatch(/^SEQUENCE:1$/m)
    expect(update?.calendar).toContain('PARTSTAT=NEEDS-ACTION')
    expect(update?.calendar).toContain('DTSTART:20270305T140000Z')
    expect((await readStatistics(tenant.ctx, one.eventId)).answers).toMatchObject({ accepted: 0, none: 2 })
  })

  it('to the place keeps the answers, and each attendee sees his own', async () => {
    const one = await answered('place')
    await tenant.receive(mail('place', 'REQUEST', 1, { lines: ['LOCATION:Room 5'] }), { from: organizer })
    const [update] = await one.since()
    expect(update?.calendar).toContain('LOCATION:Room 5')
    expect(update?.calendar).toContain('PARTSTAT=ACCEPTED')
    expect((await readStatistics(tenant.ctx, one.eventId)).answers).toMatchObject({ accepted: 1, none: 1 })
  })

  it('that comes again, in the same mail or another, does nothing', async () => {
    const one = await answered('again')
    const text: Text = { start: '20270305T150000', end: '20270305T153000' }
    const first = mail('again', 'REQUEST', 1, text)
    await tenant.receive(first, { from: organizer })
    expect(await tenant.receive(first, { from: organizer })).toMatchObject({
      kind: 'ignored',
      reason: 'duplicate_mail',
    })
    const again = await tenant.receive(mail('again', 'REQUEST', 1, text), { from: organizer })
    expect(again).toMatchObject({ kind: 'ignored', reason: 'duplicate' })
    expect(await one.since()).toHaveLength(1)
    expect(await findEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 1 })
  })

  it('that comes from a stranger does nothing and says why', async () => {
    const one = await answered('stranger')
    const forged = mail('stranger', 'REQUEST', 1, { start: '20270305T150000' }).replace(
      `From: Ana Diaz <${organizer}>`,
      'From: Mallory <mallory@example.org>',
    )
    const outcome = await tenant.receive(forged, { from: 'mallory@example.org' })
    expect(outcome).toMatchObject({ kind: 'ignored', reason: 'not_the_organizer' })
    expect(await one.since()).toEqual([])
    expect(await findEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 0 })
  })

  it('that is older than the last does nothing', async () => {
    const one = await answered('older')
    await tenant.receive(mail('older', 'REQUEST', 2, { start: '20270305T150000', end: '20270305T153000' }), {
      from: organizer,
    })
    const stale = await tenant.receive(mail('older', 'REQUEST', 1, { start: '20270305T120000' }), { from: organizer })
    expect(stale).toMatchObject({ kind: 'ignored', reason: 'stale' })
    expect(await one.since()).toHaveLength(1)
  })

  it('answered by the attendee for the older time moves no count and sends him the new time', async () => {
    const one = await answered('late')
    await tenant.receive(mail('late', 'REQUEST', 1, { start: '20270305T150000', end: '20270305T153000' }), {
      from: organizer,
    })
    expect(await one.reply(0, '20261123T120000Z')).toMatchObject({ kind: 'acted', reason: 'answered_older_time' })
    expect((await readStatistics(tenant.ctx, one.eventId)).answers).toMatchObject({ accepted: 0, none: 2 })
    expect(await one.since()).toHaveLength(1)
    expect(await one.reply(1, '20261123T130000Z')).toMatchObject({ reason: 'answer_recorded' })
    expect((await readStatistics(tenant.ctx, one.eventId)).answers).toMatchObject({ accepted: 1, none: 1 })
  })
})

describe('a cancel the organizer mails', () => {
  it('of one instance, then of all, reaches who answered', async () => {
    const one = await answered('series', weekly)
    const instance = mail('series', 'CANCEL', 1, {
      start: '20270319T100000',
      end: '20270319T103000',
      lines: ['RECURRENCE-ID;TZID=Europe/Madrid:20270319T100000', 'STATUS:CANCELLED'],
    })
    expect(await tenant.receive(instance, { from: organizer })).toMatchObject({
      kind: 'acted',
      reason: 'instances_cancelled',
    })
    const [first] = await one.since()
    expect(first?.to).toBe('bob@example.org')
    expect(first?.calendar).toContain('METHOD:CANCEL')
    expect(first?.calendar).toContain('RECURRENCE-ID;TZID=Europe/Madrid:20270319T100000')
    expect(first?.subject).toBe('Cancelled: Stand-up @ Fri 19 Mar 2027 10:00 (CET)')

    const all = mail('series', 'CANCEL', 2, { ...weekly, lines: [...(weekly.lines ?? []), 'STATUS:CANCELLED'] })
    expect(await tenant.receive(all, { from: organizer })).toMatchObject({ kind: 'acted', reason: 'cancelled' })
    const last = (await one.since()).at(-1)
    expect(last?.calendar).toContain('METHOD:CANCEL')
    expect(last?.calendar).not.toContain('RECURRENCE-ID')
    expect(last?.calendar).toContain('SEQUENCE:2')
    expect(await findEvent(tenant.ctx, one.eventId)).toMatchObject({ status: 'cancelled', sequence: 2 })
  })

  it('of one instance leaves it out of what a later attendee gets', async () => {
    const one = await answered('left-out', weekly)
    const instance = mail('left-out', 'CANCEL', 1, {
      start: '20270319T100000',
      lines: ['RECURRENCE-ID;TZID=Europe/Madrid:20270319T100000'],
    })
    await tenant.receive(instance, { from: organizer })
    await inviteAttendee(tenant.ctx, { eventId: one.eventId, address: 'dora@example.org', channel: 'api' })
    await tenant.drain()
    const dora = (await one.since()).at(-1)
    expect(dora?.calendar).toContain('METHOD:REQUEST')
    expect(dora?.calendar).toContain('EXDATE;TZID=Europe/Madrid:20270319T100000')
    expect(dora?.subject).toMatch(/^Invitation: /)
  })

  it('makes later invites impossible and is not undone by an older request', async () => {
    const one = await answered('gone')
    await tenant.receive(mail('gone', 'CANCEL', 2), { from: organizer })
    await expect(
      inviteAttendee(tenant.ctx, { eventId: one.eventId, address: 'eve@example.org', channel: 'api' }),
    ).rejects.toMatchObject({ code: 'event.cancelled' })
    const older = await tenant.receive(mail('gone', 'REQUEST', 1, { start: '20270306T100000' }), { from: organizer })
    expect(older).toMatchObject({ kind: 'ignored' })
    expect(await findEvent(tenant.ctx, one.eventId)).toMatchObject({ status: 'cancelled' })
  })

  it('before its request buries the request', async () => {
    expect(await tenant.receive(mail('buried', 'CANCEL', 3), { from: organizer })).toMatchObject({ kind: 'ignored' })
    const request = await tenant.receive(mail('buried', 'REQUEST', 0), { from: organizer })
    expect(request).toMatchObject({ kind: 'ignored', reason: 'stale', eventIds: [] })
  })
})
