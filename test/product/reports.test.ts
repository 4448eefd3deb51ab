import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { REPORTS_PER_EVENT_MAX } from '#tenant-stack/core/report/report.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { ana, bob, type Invited, invited, onDay } from '#test/harness/tenant/invited.ts'
import { csvRows, fileOf, fromReports } from '#test/harness/tenant/reported.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const cleo = '=cleo@example.org'
const dora = 'dora@example.org'

/** Starting the reading process is slow; a tenant of its own for each test is not. */
const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant({ reader })
})
afterEach(() => tenant.close())

async function withCompany(): Promise<Invited> {
  const one = await invited(tenant)
  await inviteAttendee(tenant.ctx, { eventId: one.eventId, address: cleo, name: '@SUM(A1), "C"', channel: 'page' })
  await inviteAttendee(tenant.ctx, { eventId: one.eventId, address: dora, channel: 'api' })
  await tenant.drain()
  await one.reply('google', { dtstamp: '20261123T090000Z', comment: '-2+3 people, see you' })
  await suppress(tenant.ctx, { address: dora, organizerAddress: ana, reason: 'unsubscribe', source: 'page' })
  return one
}

const rowOf = (rows: ReturnType<typeof csvRows>, email: string) => rows.find((row) => row.Email === email)

describe('the report of an event, asked for by API', () => {
  it('goes to the organizer alone, from reports@, with everybody in it and nobody masked', async () => {
    const one = await withCompany()
    const call = await apiCaller(tenant.ctx, ['reports:write'])
    const asked = await call('POST', `/events/${one.eventId}/reports`)
    expect(asked).toMatchObject({ status: 202, body: { event_id: one.eventId, state: 'planned' } })
    expect(asked.text).not.toContain('@')
    await tenant.drain()
    const [mail, ...more] = await fromReports(tenant)
    if (mail === undefined) throw new Error('no report')
    expect(more).toEqual([])
    expect(mail).toMatchObject({ rcpt: ana, to: [{ address: ana }], subject: 'Report: A meeting' })
    expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-replied')
    for (const words of ['Invited: 3', 'Accepted: 1', 'No answer: 2', `Event id: ${one.eventId}`, 'Fri 5 Mar 2027'])
      expect(mail.text).toContain(words)
    const { name, type, rows } = fileOf(mail)
    expect({ name, type }).toEqual({ name: `attendees-${one.eventId}.csv`, type: 'text/csv' })
    expect(rows).toHaveLength(3)
    expect(rowOf(rows, bob)).toEqual({
      Email: bob,
      Name: 'Bob',
      Answer: 'accepted',
      'Answered at': '2026-11-24T09:00:00.000Z',
      'Answered by': '',
      Comment: "'-2+3 people, see you",
      'Single dates': '',
      'Delegated to': '',
      'Delegated from': '',
      Channel: 'api',
      'Calendar client': 'google',
      'Invited at': '2026-11-24T09:00:00.000Z',
      Invitation: 'sent',
      Delivery: '',
      'Last SEQUENCE sent': '0',
      'No more mail because': '',
    })
    expect(rowOf(rows, `'${cleo}`)).toMatchObject({ Name: `'@SUM(A1), "C"`, Channel: 'page', Answer: 'none' })
    expect(rowOf(rows, dora)).toMatchObject({ Name: '', 'Answered at': '', 'No more mail because': 'unsubscribe' })
  })

  it('is mailed once by one Idempotency-Key, and again by another', async () => {
    const one = await invited(tenant)
    const call = await apiCaller(tenant.ctx)
    const ask = (key: string) => call('POST', `/events/${one.eventId}/reports`, { headers: { 'idempotency-key': key } })
    const [first, again] = [await ask('a'), await ask('a')]
    expect([first.status, again.status]).toEqual([202, 202])
    expect(again.body).toEqual(first.body)
    expect((await ask('b')).body.id).not.toBe(first.body.id)
    await tenant.drain()
    expect(await fromReports(tenant)).toHaveLength(2)
  })

  it(`429 after ${REPORTS_PER_EVENT_MAX} of one event and day, however fast they are asked for; the next day takes more`, async () => {
    const one = await invited(tenant)
    const call = await apiCaller(tenant.ctx)
    const ask = async () => (await call('POST', `/events/${one.eventId}/reports`)).status
    const statuses: number[] = []
    for (let round = 0; round < 6; round += 1) statuses.push(...(await Promise.all([ask(), ask(), ask(), ask()])))
    expect(statuses.filter((status) => status === 202)).toHaveLength(REPORTS_PER_EVENT_MAX)
    expect(statuses.filter((status) => status === 429)).toHaveLength(24 - REPORTS_PER_EVENT_MAX)
    tenant.platform.clock.advance(86_400)
    expect(await ask()).toBe(202)
  })

  it('404 for what is no event, 403 for a key without the scope', async () => {
    const one = await invited(tenant)
    const call = await apiCaller(tenant.ctx)
    expect((await call('POST', '/events/evt_00000000000000000000000000/reports')).status).toBe(404)
    const poor = await apiCaller(tenant.ctx, ['events:read', 'attendees:read', 'attendees:unmasked'])
    expect((await poor('POST', `/events/${one.eventId}/reports`)).status).toBe(403)
  })
})

describe('the report of an event as a download', () => {
  it('is the same file, whole or by parts', async () => {
    const one = await withCompany()
    const call = await apiCaller(tenant.ctx, ['attendees:read', 'attendees:unmasked'])
    const whole = await call('GET', `/events/${one.eventId}/report.csv`)
    expect(whole.status).toBe(200)
    expect(whole.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(whole.headers.get('cache-control')).toBe('no-store')
    expect(csvRows(whole.text).map(({ Email }) => Email)).toHaveLength(3)
    let path: string | undefined = `/events/${one.eventId}/report.csv?limit=2`
    const parts: string[] = []
    while (path !== undefined && parts.length < 10) {
      const part = await call('GET', path)
      parts.push(part.text)
      path = /^<https:\/\/api\.events\.example\.net\/v1(.*)>; rel="next"$/.exec(part.headers.get('link') ?? '')?.[1]
    }
    expect(parts).toHaveLength(2)
    expect(parts.join('')).toBe(whole.text)
  })

  it('403 without the scope for whole addresses, 400 for a cursor of nobody', async () => {
    const one = await invited(tenant)
    for (const scopes of [['attendees:read'], ['attendees:unmasked'], ['reports:write']] as const) {
      const poor = await apiCaller(tenant.ctx, scopes)
      expect((await poor('GET', `/events/${one.eventId}/report.csv`)).status).toBe(403)
    }
    const call = await apiCaller(tenant.ctx)
    expect((await call('GET', `/events/${one.eventId}/report.csv?after=none`)).status).toBe(400)
    expect((await call('GET', `/events/${one.eventId}/report.csv?limit=5001`)).status).toBe(422)
  })

  it('breaks off when reading breaks, and does not look whole', async () => {
    const one = await invited(tenant)
    const { table } = tenant.ctx
    const query: typeof table.query = async (asked) => {
      if (asked.sk !== undefined && 'beginsWith' in asked.sk && asked.sk.beginsWith === 'inv#') throw new Error('away')
      return table.query(asked)
    }
    const call = await apiCaller({ ...tenant.ctx, table: { ...table, query } })
    await expect(call('GET', `/events/${one.eventId}/report.csv`)).rejects.toThrow('away')
  })
})

describe('an attendee in the report', () => {
  const reported = async (one: Invited) => {
    const call = await apiCaller(tenant.ctx)
    return csvRows((await call('GET', `/events/${one.eventId}/report.csv`)).text)
  }

  it('has no answer any more once the time has changed', async () => {
    const one = await invited(tenant)
    await one.reply('google', { dtstamp: '20261123T090000Z', comment: 'see you' })
    await one.changed(1, { lines: onDay(6) })
    expect(rowOf(await reported(one), bob)).toMatchObject({
      Answer: 'none',
      'Answered at': '',
      Comment: '',
      'Last SEQUENCE sent': '1',
    })
  })

  it('says whom he sends and who is sent, and no longer once he takes it back', async () => {
    const one = await invited(tenant)
    await inviteAttendee(tenant.ctx, { eventId: one.eventId, address: dora, channel: 'api' })
    await tenant.drain()
    await one.reply('google', {
      dtstamp: '20261123T090000Z',
      partstat: 'DELEGATED',
      attendeeParameters: `;DELEGATED-TO="mailto:${dora}"`,
    })
    const rows = await reported(one)
    expect(rowOf(rows, bob)).toMatchObject({ Answer: 'delegated', 'Delegated to': dora, 'Delegated from': '' })
    expect(rowOf(rows, dora)).toMatchObject({ Answer: 'none', 'Delegated to': '', 'Delegated from': bob })
    await one.reply('google', { dtstamp: '20261123T100000Z' })
    const back = await reported(one)
    expect(rowOf(back, bob)).toMatchObject({ Answer: 'accepted', 'Delegated to': '' })
    expect(rowOf(back, dora)).toMatchObject({ 'Delegated from': '' })
  })
})

describe('the link of the created mail', () => {
  const linkOf = async (one: Invited) => {
    const created = (await one.mailsTo(ana)).find(({ subject }) => subject?.startsWith('Created'))
    const url = /https:\/\/go\.events\.example\.net(\/report\/\S+)/.exec(created?.text ?? '')
    return url?.[1] ?? '/none'
  }
  const press = (path: string, ask: string) =>
    createPages(tenant.ctx).request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ask }).toString(),
    })

  it('changes nothing when it is looked at, and mails one report for each press of the button', async () => {
    const one = await withCompany()
    const path = await linkOf(one)
    const page = async () => (await createPages(tenant.ctx).request(path)).text()
    const shown = await page()
    expect(shown).toContain('A meeting')
    expect(shown).not.toContain('@')
    await tenant.drain()
    expect(await fromReports(tenant)).toEqual([])
    const ask = (html: string) => /name="ask" value="([0-9a-z]{26})"/.exec(html)?.[1] ?? ''
    const twice = await Promise.all([press(path, ask(shown)), press(path, ask(shown))])
    expect(twice.map(({ status }) => status)).toEqual([200, 200])
    await tenant.drain()
    expect(await fromReports(tenant)).toHaveLength(1)
    await press(path, ask(await page()))
    await tenant.drain()
    expect((await fromReports(tenant)).map(({ rcpt }) => rcpt)).toEqual([ana, ana])
  })

  it('422 without the form, 404 for a link of nobody, and for one that is half a year old', async () => {
    const one = await invited(tenant)
    const path = await linkOf(one)
    expect((await press(path, '')).status).toBe(422)
    expect((await press(`/report/${'0'.repeat(26)}`, 'a'.repeat(26))).status).toBe(404)
    expect((await createPages(tenant.ctx).request('/report/..%2f')).status).toBe(404)
    tenant.platform.clock.advance(181 * 86_400)
    expect((await press(path, 'a'.repeat(26))).status).toBe(404)
    await tenant.drain()
    expect(await fromReports(tenant)).toEqual([])
  })
})
