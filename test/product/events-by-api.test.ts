import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EventView } from '#shared/contracts/api.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { ana, bob } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
let call: Awaited<ReturnType<typeof apiCaller>>
beforeAll(async () => {
  tenant = await createTestTenant({ audience: 'everyone' })
  // Ana is an organizer since she mailed an event.
  await tenant.receive(organizerMail({ uid: 'first@example.com' }), { from: ana })
  call = await apiCaller(tenant.ctx)
})
afterAll(() => tenant.close())

const madrid = (local: string) => ({ local: `2027-03-05T${local}:00`, time_zone: 'Europe/Madrid' })
const talk = { organizer: ana, subject: 'Talk', start: madrid('10:00'), duration: 'PT1H' }
const create = async (body: object = {}) => {
  const { status, body: made } = await call('POST', '/events', { body: { ...talk, ...body } })
  expect(status).toBe(201)
  return EventView.parse(made)
}

/** An event by API with one person invited, and what he is mailed from then on. */
async function invited(body: object = {}) {
  const event = await create(body)
  await call('POST', `/events/${event.id}/invitations`, { body: { email: bob } })
  await tenant.drain()
  const before = (await tenant.sent()).length
  const mails = async () => {
    await tenant.drain()
    const sent = (await tenant.sent()).slice(before).filter(({ to }) => to === bob)
    return Promise.all(sent.map(({ raw }) => calendarOf(raw)))
  }
  return { ...event, mails }
}

async function calendarOf(raw: Buffer): Promise<string> {
  const { attachments } = await PostalMime.parse(raw)
  const content = attachments.find(({ mimeType }) => mimeType === 'text/calendar')?.content ?? ''
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content)
  return text.replaceAll(/\r?\n /g, '')
}

describe('POST /v1/events', () => {
  it('201: an event with an id and UID of ours, in the organizer’s name', async () => {
    const event = await create({ location: 'Room 4', description: 'Bring the\nfigures.', audience: 'attending' })
    expect(event).toMatchObject({
      uid: `${event.id}@events.example.net`,
      subject: 'Talk',
      start: { instant: '2027-03-05T09:00:00Z', local: '2027-03-05T10:00:00', time_zone: 'Europe/Madrid' },
      end: { instant: '2027-03-05T10:00:00Z' },
      location: 'Room 4',
      body: { text: 'Bring the\nfigures.' },
      organizer: { email: ana, name: 'Ana Diaz' },
      audience: 'attending',
      client: 'api',
      sequence: 0,
      status: 'confirmed',
    })
    const read = await call('GET', `/events/${event.id}`)
    expect(read.body).toEqual(event)
    expect(read.headers.get('etag')).toBe('"0"')
  })

  it('201: a day, an instant, a series', async () => {
    expect(await create({ start: { date: '2027-03-05' }, duration: 'P2D' })).toMatchObject({
      is_all_day: true,
      end: { date: '2027-03-07' },
    })
    expect(await create({ start: { instant: '2027-07-05T09:00:00+02:00' }, duration: undefined })).toMatchObject({
      start: { instant: '2027-07-05T07:00:00Z', time_zone: 'UTC' },
      end: { instant: '2027-07-05T07:00:00Z' },
    })
    const shown = { instant: '2027-07-05T07:00:00Z', time_zone: 'europe/madrid' }
    expect(await create({ start: shown })).toMatchObject({
      start: { local: '2027-07-05T09:00:00', time_zone: 'Europe/Madrid' },
    })
    const series = await create({ rrule: 'freq=weekly;until=20270401' })
    expect(series.recurrence.rules).toEqual(['FREQ=WEEKLY;UNTIL=20270401T215959Z'])
  })

  it('201: the same Idempotency-Key creates one event, also where the first answer was lost', async () => {
    const headers = { 'idempotency-key': 'nightly' }
    const first = await call('POST', '/events', { body: talk, headers })
    const again = await call('POST', '/events', { body: talk, headers })
    expect(again.body).toEqual(first.body)
    expect((await call('POST', '/events', { body: { ...talk, subject: 'B' }, headers })).status).toBe(422)
  })

  it('422: says everything that is wrong, and where', async () => {
    const wrong = async (body: object) => {
      const answer = await call('POST', '/events', { body: { ...talk, ...body } })
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(answer.status).toBe(422)
      return answer.body
    }
    expect(
      await wrong({ start: { local: '2027-02-30T10:00:00', time_zone: 'Europe/Madrid' }, duration: undefined }),
    ).toMatchObject({ code: 'event.invalid', errors: [{ path: 'start.local' }] })
    expect(await wrong({ start: { local: '2027-03-05T10:00:00', time_zone: 'Romance Standard Time' } })).toMatchObject({
      errors: [{ path: 'start.time_zone' }],
    })
    expect(await wrong({ start: { local: '2027-03-05T10:00:00' } })).toMatchObject({
      errors: [{ path: 'start.time_zone' }],
    })
    expect(await wrong({ duration: '-PT1H', rrule: 'FREQ=SECONDLY' })).toMatchObject({
      errors: [{ path: 'duration' }, { path: 'rrule' }],
    })
    expect(await wrong({ duration: undefined, end: madrid('09:00') })).toMatchObject({ errors: [{ path: 'end' }] })
    expect(await wrong({ end: madrid('11:00') })).toMatchObject({ code: 'api.invalid', errors: [{ path: 'duration' }] })
    expect(await wrong({ rrule: 'FREQ=WEEKLY;BYMONTHDAY=3' })).toMatchObject({ errors: [{ path: 'rrule' }] })
    expect(await wrong({ rrule: 'FREQ=DAILY;COUNT=3;UNTIL=20280101' })).toMatchObject({ errors: [{ path: 'rrule' }] })
    expect(await wrong({ organizer: 'nobody@example.com' })).toMatchObject({
      code: 'organizer.unknown',
      errors: [{ path: 'organizer' }],
    })
    expect(await wrong({ subject: 'two\nlines', colour: 'red' })).toMatchObject({ code: 'api.invalid' })
  })

  it('403: a key that may only read', async () => {
    const reading = await apiCaller(tenant.ctx, ['events:read'])
    expect((await reading('POST', '/events', { body: talk })).status).toBe(403)
    expect((await reading('PATCH', '/events/evt_x', { body: {} })).status).toBe(403)
    expect((await reading('DELETE', '/events/evt_x')).status).toBe(403)
  })
})

describe('PATCH /v1/events/{eventId}', () => {
  it('200: another time resets the answers, raises SEQUENCE and is told; the length stays', async () => {
    const event = await invited()
    const changed = await call('PATCH', `/events/${event.id}`, { body: { start: madrid('15:00') } })
    expect(changed).toMatchObject({
      status: 200,
      body: { sequence: 1, start: { instant: '2027-03-05T14:00:00Z' }, end: { instant: '2027-03-05T15:00:00Z' } },
    })
    expect(changed.headers.get('etag')).toBe('"1"')
    const [update, ...others] = await event.mails()
    expect(others).toEqual([])
    expect(update).toContain('SEQUENCE:1')
    expect(update).toContain('METHOD:REQUEST')
    expect(update).toContain('DTSTART:20270305T140000Z')
  })

  it('200: what changes nothing does nothing; null takes away; the audience alone tells nobody', async () => {
    const event = await invited({ location: 'Room 4', rrule: 'FREQ=WEEKLY;COUNT=3' })
    const path = `/events/${event.id}`
    for (const body of [
      {},
      { location: 'Room 4' },
      { subject: 'Talk', start: madrid('10:00'), rrule: 'FREQ=WEEKLY;COUNT=3' },
    ])
      expect((await call('PATCH', path, { body })).body).toEqual((await call('GET', path)).body)
    expect((await call('PATCH', path, { body: { audience: 'attending' } })).body).toMatchObject({
      audience: 'attending',
      sequence: 0,
    })
    expect((await call('PATCH', path, { body: { audience: null } })).body).not.toHaveProperty('audience')
    expect(await event.mails()).toEqual([])
    const gone = await call('PATCH', path, { body: { location: null, rrule: null } })
    expect(gone.body).toMatchObject({ sequence: 1, recurrence: { rules: [] } })
    expect(gone.body).not.toHaveProperty('location')
    expect(await event.mails()).toHaveLength(1)
  })

  it('412: made from another revision; 409: cancelled; 422: what it would become is no event', async () => {
    const event = await create()
    const path = `/events/${event.id}`
    const change = (subject: string, match: string) =>
      call('PATCH', path, { body: { subject }, headers: { 'if-match': match } })
    expect(await change('A', '"0"')).toMatchObject({ status: 200, body: { sequence: 1 } })
    expect(await change('B', '"0"')).toMatchObject({ status: 412, body: { code: 'event.changed' } })
    expect(await change('B', '*')).toMatchObject({ status: 200, body: { sequence: 2 } })
    expect(await change('C', 'W/"2"')).toMatchObject({ status: 422, body: { errors: [{ path: 'if-match' }] } })
    expect(await call('PATCH', path, { body: { start: { date: '2027-03-05' } } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'end' }] },
    })
    expect((await call('DELETE', path, { headers: { 'if-match': '"1"' } })).status).toBe(412)
    expect((await call('DELETE', path)).status).toBe(200)
    expect(await change('D', '*')).toMatchObject({ status: 409, body: { code: 'event.cancelled' } })
  })
})

describe('DELETE /v1/events/{eventId}', () => {
  it('200: everybody hears it once; twice is the same answer', async () => {
    const event = await invited()
    const first = await call('DELETE', `/events/${event.id}`)
    expect(first).toMatchObject({ status: 200, body: { status: 'cancelled', sequence: 1 } })
    expect((await call('DELETE', `/events/${event.id}`)).body).toEqual(first.body)
    const mails = await event.mails()
    expect(mails).toHaveLength(1)
    expect(mails[0]).toContain('METHOD:CANCEL')
  })

  it('200: one date of a series; 422: no date of it', async () => {
    const event = await invited({ rrule: 'FREQ=WEEKLY;COUNT=3' })
    const one = `/events/${event.id}?recurrence_id=2027-03-12T09:00:00Z`
    const first = await call('DELETE', one)
    expect(first.body).toMatchObject({
      status: 'confirmed',
      sequence: 1,
      recurrence: { excluded_dates: [{ instant: '2027-03-12T09:00:00Z' }] },
    })
    expect((await call('DELETE', one)).body).toEqual(first.body)
    const [mail, ...others] = await event.mails()
    expect(others).toEqual([])
    expect(mail).toMatch(/RECURRENCE-ID[^\r]*20270312T100000/)
    expect(await call('DELETE', `/events/${event.id}?recurrence_id=2027-03-13`)).toMatchObject({ status: 422 })
    expect(await call('DELETE', `/events/${event.id}?recurrence_id=soon`)).toMatchObject({ status: 422 })
    const single = await create()
    expect(await call('DELETE', `/events/${single.id}?recurrence_id=2027-03-05T09:00:00Z`)).toMatchObject({
      status: 422,
      body: { code: 'event.not_an_occurrence' },
    })
  })
})

it('404: an event that is not there is refused alike, byte for byte, whatever is asked of it', async () => {
  const other = await createTestTenant({ domainName: 'other.example.net' })
  await other.receive(organizerMail({ uid: 'a@example.com' }).replaceAll('events.example.net', 'other.example.net'), {
    from: ana,
    to: 'create@other.example.net',
  })
  for (let burnt = 0; burnt < 1000; burnt += 1) other.ctx.ids.newId('evt')
  const foreign = (await (await apiCaller(other.ctx))('POST', '/events', { body: talk })).body.id
  await other.close()
  const said = async (method: string, id: unknown) => {
    const { status, text } = await call(method, `/events/${id}`, method === 'PATCH' ? { body: { subject: 'x' } } : {})
    return `${status} ${text.replace(/req_\w+/, '')}`
  }
  for (const method of ['GET', 'PATCH', 'DELETE'])
    expect(await said(method, foreign)).toBe(await said(method, 'evt_00000000000000000000000000'))
})
