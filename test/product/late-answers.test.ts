import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPages } from '#tenant-stack/pages/app.ts'
import { interrupted, writes } from '#test/harness/tenant/interrupt.ts'
import { bob, type Invited, invited, onDay } from '#test/harness/tenant/invited.ts'
import { swept } from '#test/harness/tenant/swept.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

const inRoom = (room: string, day = 5) => ({ lines: [...onDay(day), `LOCATION:${room}`] })

/** Every calendar that Bob was sent after his invite. */
async function later(one: Invited): Promise<readonly string[]> {
  const mails = (await one.mailsTo(bob)).slice(1)
  return mails.map(({ attachments, subject }) => {
    const part = attachments.find(({ mimeType }) => mimeType === 'text/calendar')
    const content = part?.content ?? ''
    const calendar = typeof content === 'string' ? content : new TextDecoder().decode(content)
    const vevent = calendar.slice(calendar.indexOf('BEGIN:VEVENT'))
    const of = (name: string) => new RegExp(`^${name}[^:\r\n]*:([^\r\n]+)`, 'm').exec(vevent)?.[1]
    return [subject?.split(':')[0], of('SEQUENCE'), of('DTSTART'), of('LOCATION')].join(' ')
  })
}

async function press(one: Invited, answer = 'yes', shown = 0, ctx = tenant.ctx) {
  const text = (await one.mailsTo(bob))[0]?.text ?? ''
  const path = new URL(/https:\S+\/answer\/[0-9a-z]+/.exec(text)?.[0] ?? '').pathname
  return createPages(ctx).request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ answer, shown: String(shown) }).toString(),
  })
}

const moved = 'Updated invitation 1 20270305T090000Z Room 2'

describe('an attendee who had not answered when the event changed, and answers his old invite by mail', () => {
  it('is sent the present place once, by the sweep and not at once', async () => {
    const one = await invited(tenant)
    await one.changed(1, inRoom('Room 2'))
    await swept(tenant)
    expect(await later(one)).toEqual([])
    expect(await one.reply('google')).toMatchObject({ kind: 'acted', reason: 'answer_recorded' })
    expect(await later(one)).toEqual([])
    await swept(tenant)
    expect(await later(one)).toEqual([moved])
    await swept(tenant, 3600)
    expect(await later(one)).toEqual([moved])
    expect(await one.answers()).toMatchObject({ accepted: 1, none: 0 })
  })

  it('is sent the present time once, however often he answers the old one', async () => {
    const one = await invited(tenant)
    await one.changed(1, inRoom('Room 2', 8))
    expect(await one.reply('outlook')).toMatchObject({ reason: 'answered_older_time' })
    await one.reply('outlook', { partstat: 'DECLINED', dtstamp: '20261123T130000Z' })
    await swept(tenant)
    await one.reply('outlook', { partstat: 'TENTATIVE', dtstamp: '20261123T140000Z' })
    await swept(tenant, 3600)
    expect(await later(one)).toEqual(['Updated invitation 1 20270308T090000Z Room 2'])
  })

  it('is sent it once when the same reply comes again, as a copy or anew', async () => {
    const one = await invited(tenant)
    await one.changed(1, inRoom('Room 2'))
    await one.reply('apple')
    expect(await one.reply('apple')).toMatchObject({ reason: 'duplicate_mail' })
    await swept(tenant)
    expect(await one.reply('apple', { from: 'bob@forwarded.example.com' })).toMatchObject({ reason: 'duplicate' })
    await swept(tenant, 3600)
    expect(await later(one)).toEqual([moved])
  })

  it('is sent nothing of before when a newer change reaches him first', async () => {
    const one = await invited(tenant)
    await one.changed(1, inRoom('Room 2'))
    await one.reply('google')
    await one.changed(2, inRoom('Room 3'))
    await swept(tenant, 3600)
    expect(await later(one)).toEqual(['Updated invitation 2 20270305T090000Z Room 3'])
  })

  it('is sent all that he lacks when only one date of the series was called off since', async () => {
    const lines = [...onDay(5), 'RRULE:FREQ=DAILY;COUNT=4']
    const one = await invited(tenant, 'series@example.com', bob, lines)
    await one.changed(1, { lines: [...lines, 'LOCATION:Room 2'] })
    await one.changed(2, { method: 'CANCEL', lines: [...onDay(6), 'RECURRENCE-ID;TZID=Europe/Madrid:20270306T100000'] })
    await one.reply('google')
    await swept(tenant, 3600)
    expect(await later(one)).toEqual(['Updated invitation 2 20270305T100000 Room 2'])
  })

  it('is told once of a cancel', async () => {
    const one = await invited(tenant)
    await one.changed(1, { method: 'CANCEL' })
    await one.reply('google')
    await swept(tenant)
    await one.reply('google', { partstat: 'DECLINED', dtstamp: '20261123T130000Z' })
    await swept(tenant, 3600)
    expect(await later(one)).toEqual([expect.stringMatching(/^Cancelled 1 /)])
  })
})

describe('an attendee who declined, of an event whose changes only those who attend hear of', () => {
  beforeEach(async () => {
    await tenant.close()
    tenant = await createTestTenant({ audience: 'attending' })
  })

  it('is sent what he lacks when he accepts later, not when he declines again', async () => {
    const one = await invited(tenant)
    await one.reply('google', { partstat: 'DECLINED' })
    await one.changed(1, inRoom('Room 2'))
    await one.reply('google', { partstat: 'DECLINED', comment: 'Sorry', dtstamp: '20261123T130000Z' })
    await swept(tenant, 3600)
    expect(await later(one)).toEqual([])
    await one.reply('google', { dtstamp: '20261123T140000Z' })
    await swept(tenant, 3600)
    expect(await later(one)).toEqual([moved])
  })

  it('is sent what he lacks of a later change too', async () => {
    const one = await invited(tenant)
    await one.changed(1, inRoom('Room 2'))
    await one.reply('google')
    await swept(tenant, 3600)
    await one.reply('google', { partstat: 'DECLINED', sequence: 1, dtstamp: '20261123T130000Z' })
    await one.changed(2, inRoom('Room 3'))
    await one.reply('google', { sequence: 1, dtstamp: '20261123T140000Z' })
    await swept(tenant, 3600)
    expect(await later(one)).toEqual([moved, 'Updated invitation 2 20270305T090000Z Room 3'])
  })
})

describe('an attendee who has everything', () => {
  it('is sent nothing for his answers, not even to what his client takes for the present state', async () => {
    const one = await invited(tenant)
    await one.reply('google')
    await one.changed(1, inRoom('Room 2'))
    await swept(tenant)
    await one.reply('google', { partstat: 'DECLINED', dtstamp: '20261123T130000Z' })
    await one.reply('google', { sequence: 1, dtstamp: '20261123T140000Z' })
    await swept(tenant, 3600)
    expect(await later(one)).toEqual([moved])
  })
})

describe('an answer on the page beside one by mail', () => {
  it.each(['page', 'mail'])('brings what he lacks once, the %s coming first', async (first) => {
    const one = await invited(tenant)
    await one.changed(1, inRoom('Room 2'))
    if (first === 'page') await press(one)
    await one.reply('google')
    if (first === 'mail') await press(one)
    await swept(tenant)
    await press(one, 'no', 1)
    await swept(tenant, 3600)
    expect(await later(one)).toEqual([moved])
  })

  it('brings it once when the mail is written in between', async () => {
    const one = await invited(tenant)
    await one.changed(1, inRoom('Room 2'))
    const { ctx, atWrite } = interrupted(tenant.ctx)
    atWrite(writes('event#', 'ans#'), async () => void (await one.reply('google')))
    expect((await press(one, 'maybe', 0, ctx)).status).toBe(200)
    expect(await one.history()).toHaveLength(2)
    await swept(tenant, 3600)
    expect(await later(one)).toEqual([moved])
  })
})
