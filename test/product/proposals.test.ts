import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { type ReplyShape, replyShapes } from '#test/fixtures/reply-mails.ts'
import { bob, invited, onDay } from '#test/harness/tenant/invited.ts'
import { asked, counter, proposalsOf } from '#test/harness/tenant/proposed.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const cleo = 'cleo@example.org'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

describe('another time that an attendee proposes', () => {
  for (const shape of Object.keys(replyShapes) as ReplyShape[])
    it(`is asked of the organizer in plain words, once, in the shape of ${shape}`, async () => {
      const one = await invited(tenant)
      const proposed = counter(6, { comment: 'Saturday suits me' })
      expect(await one.reply(shape, proposed)).toMatchObject({ kind: 'acted', reason: 'proposal_recorded' })
      // The same proposal in another mail.
      expect(
        await one.reply(shape === 'bare' ? 'google' : 'bare', { ...proposed, partstat: 'ACCEPTED' }),
      ).toMatchObject({
        kind: 'ignored',
        reason: 'duplicate',
      })
      const { count, text } = await asked(tenant, one)
      expect(count).toBe(1)
      for (const words of [
        'Bob (bob@example.org)',
        'Fri 5 Mar 2027, 10:00 – 11:00',
        'Sat 6 Mar 2027, 16:00 – 17:00',
        'Saturday suits me',
      ])
        expect(text).toContain(words)
      expect(await proposalsOf(tenant, one.eventId)).toMatchObject([
        { state: 'open', sequence: 0, comment: 'Saturday suits me' },
      ])
      expect(await getEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 0 })
      expect(await one.answers()).toMatchObject({ none: 1 })
    })

  it('moves the event when it is accepted, by the way of the organizer’s own update', async () => {
    const one = await invited(tenant)
    await inviteAttendee(tenant.ctx, { eventId: one.eventId, address: cleo, channel: 'api' })
    await tenant.drain()
    await one.reply('google', { dtstamp: '20261123T090000Z' })
    await one.reply('outlook', counter(6))
    const { press, shown } = await asked(tenant, one)
    expect(await shown()).toContain('Accept: move the event')
    expect(await getEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 0 })
    expect(await press('accept')).toMatchObject({ status: 200 })
    expect(await getEvent(tenant.ctx, one.eventId)).toMatchObject({
      sequence: 1,
      lastResetSequence: 1,
      lastWholeSequence: 1,
      dtstart: { kind: 'zoned', local: '2027-03-06T16:00:00', tzid: 'Europe/Madrid' },
      dtend: { local: '2027-03-06T17:00:00' },
    })
    expect(await one.answers()).toMatchObject({ accepted: 0, none: 2 })
    // Who responded is told; who has not answered is not (the audience as for any update).
    expect((await one.mailsTo(bob)).map(({ subject }) => subject?.split(':')[0])).toEqual([
      'Invitation',
      'Updated invitation',
    ])
    expect(await one.mailsTo(cleo)).toHaveLength(1)
    expect(await proposalsOf(tenant, one.eventId)).toMatchObject([
      { state: 'accepted', acceptedSequence: 1, decidedBy: 'link' },
    ])
    // Pressed again, and the other button: nothing more.
    expect(await press('accept')).toMatchObject({ status: 200 })
    expect(await press('decline')).toMatchObject({ status: 409 })
    expect(await getEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 1 })
  })

  it('brings the new time to who proposed it, also where only those who attend hear of changes', async () => {
    await tenant.close()
    tenant = await createTestTenant({ audience: 'attending' })
    const one = await invited(tenant)
    await one.reply('google', counter(6, { partstat: 'DECLINED' }))
    await (await asked(tenant, one)).press('accept')
    expect(await one.mailsTo(bob)).toHaveLength(2)
  })

  it('stands against what the organizer’s calendar sends later, and not against what it sent before', async () => {
    const one = await invited(tenant)
    await one.reply('outlook', counter(6))
    await (await asked(tenant, one)).press('accept')
    // The first invite once more: older than what she has accepted since.
    expect(await one.changed(0)).toMatchObject({ kind: 'ignored', reason: 'stale' })
    // She moves it in her own calendar as well: nothing changes, nobody is told twice.
    const later = ['DTSTART;TZID=Europe/Madrid:20270306T160000', 'DTEND;TZID=Europe/Madrid:20270306T170000']
    expect(await one.changed(1, { lines: later })).toMatchObject({ kind: 'ignored', reason: 'no_change' })
    expect(await one.changed(2, { lines: onDay(8) })).toMatchObject({ kind: 'acted', reason: 'updated' })
    expect(await getEvent(tenant.ctx, one.eventId)).toMatchObject({
      sequence: 2,
      dtstart: { local: '2027-03-08T10:00:00' },
    })
  })

  it('is declined to the one who proposed it alone', async () => {
    const one = await invited(tenant)
    await inviteAttendee(tenant.ctx, { eventId: one.eventId, address: cleo, channel: 'api' })
    await tenant.drain()
    await one.reply('outlook', counter(6))
    const { press } = await asked(tenant, one)
    expect(await press('decline')).toMatchObject({ status: 200 })
    await press('decline')
    const mails = await one.mailsTo(bob)
    expect(mails).toHaveLength(2)
    const declined = mails[1]
    expect([declined?.subject, declined?.from?.address]).toEqual(['Time stays: A meeting', one.replyAddress])
    const part = declined?.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
    const calendar = (
      typeof part?.content === 'string' ? part.content : new TextDecoder().decode(part?.content)
    ).replaceAll(/\r?\n /g, '')
    for (const line of ['METHOD:DECLINECOUNTER', `UID:${one.facts.uid}`, 'SEQUENCE:0', 'DTSTART:20270305T090000Z'])
      expect(calendar).toContain(`${line}\n`)
    expect(calendar).toMatch(/^ATTENDEE;.*:mailto:bob@example\.org$/m)
    expect(await one.mailsTo(cleo)).toHaveLength(1)
    expect(await getEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 0 })
    expect((await press('accept')).status).toBe(409)
  })

  it('is not declined by mail to whom nothing may be sent', async () => {
    const one = await invited(tenant)
    await one.reply('outlook', counter(6))
    await suppress(tenant.ctx, { address: bob, reason: 'unsubscribe', source: 'page' })
    await (await asked(tenant, one)).press('decline')
    expect(await one.mailsTo(bob)).toHaveLength(1)
  })

  it('for one date of a series moves that date', async () => {
    const lines = [...onDay(5), 'RRULE:FREQ=WEEKLY;COUNT=4']
    const one = await invited(tenant, 'weekly@example.com', bob, lines)
    const moved = counter(13, { recurrenceId: '20270312T090000Z', dtstamp: '20261123T130000Z' })
    await one.reply('google', moved)
    expect((await asked(tenant, one)).text).toContain('Fri 12 Mar 2027, 10:00 – 11:00')
    await (await asked(tenant, one)).press('accept')
    const update = (await one.mailsTo(bob)).at(-1)
    const part = update?.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
    const calendar = (
      typeof part?.content === 'string' ? part.content : new TextDecoder().decode(part?.content)
    ).replaceAll(/\r?\n /g, '')
    expect(calendar).toContain('RECURRENCE-ID;TZID=Europe/Madrid:20270312T100000')
    expect(calendar).toContain('DTSTART;TZID=Europe/Madrid:20270313T160000')
  })

  it('for a whole series cannot be accepted by a button', async () => {
    const one = await invited(tenant, 'weekly@example.com', bob, [...onDay(5), 'RRULE:FREQ=WEEKLY;COUNT=4'])
    await one.reply('google', counter(6))
    const { shown, press } = await asked(tenant, one)
    expect(await shown()).not.toContain('Accept: move the event')
    expect((await press('accept')).status).toBe(409)
    expect(await press('decline')).toMatchObject({ status: 200 })
  })
})
