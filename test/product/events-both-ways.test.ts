import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { EventView } from '#shared/contracts/api.ts'
import { changeByApi } from '#tenant-stack/core/event-change/change-by-api.ts'
import { eventWith, mailWith, organizerMail } from '#test/fixtures/organizer-mails.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { interrupted, writes } from '#test/harness/tenant/interrupt.ts'
import { ana } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
let call: Awaited<ReturnType<typeof apiCaller>>
beforeAll(async () => {
  tenant = await createTestTenant()
  call = await apiCaller(tenant.ctx)
})
beforeEach(() => tenant.platform.clock.advance(3600))
afterAll(() => tenant.close())

let mails = 0
type Text = { sequence?: number; subject?: string; place?: string; at?: number; method?: string; uid?: string }

/** What Ana's calendar mails of her event at a moment of the tenant's clock. */
function mail({
  sequence = 0,
  subject = 'Review',
  place,
  at = tenant.ctx.clock.now(),
  method = 'REQUEST',
  uid = 'x',
}: Text) {
  mails += 1
  const dtstamp = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  const lines = [
    'DTSTART;TZID=Europe/Madrid:20270305T100000',
    'DTEND;TZID=Europe/Madrid:20270305T110000',
    `SEQUENCE:${sequence}`,
    ...(place === undefined ? [] : [`LOCATION:${place}`]),
  ]
  const raw = organizerMail({ uid, subject, method, lines })
    .replace(/^DTSTAMP:.*$/m, `DTSTAMP:${dtstamp}Z`)
    .replace(/^Message-ID: .*$/m, `Message-ID: <${mails}@example.com>`)
  return tenant.receive(raw, { from: ana })
}

const patch = (id: string, body: object) => call('PATCH', `/events/${id}`, { body })
const read = async (id: string) => EventView.parse((await call('GET', `/events/${id}`)).body)

it('the organizer’s next mail counts, although it repeats the SEQUENCE that it had before the change by API', async () => {
  const id = (await mail({ uid: 'last-word' })).eventIds[0] ?? ''
  expect((await patch(id, { location: 'Room 4' })).body).toMatchObject({ sequence: 1, location: 'Room 4' })
  tenant.platform.clock.advance(60)
  expect(await mail({ uid: 'last-word', place: 'Room 5' })).toMatchObject({ kind: 'acted', reason: 'updated' })
  expect(await read(id)).toMatchObject({ sequence: 2, location: 'Room 5' })
  tenant.platform.clock.advance(60)
  expect((await patch(id, { location: 'Room 6' })).body).toMatchObject({ sequence: 3, location: 'Room 6' })
  tenant.platform.clock.advance(60)
  expect(await mail({ uid: 'last-word', sequence: 1, place: 'Room 6' })).toMatchObject({ reason: 'no_change' })
  expect(await read(id)).toMatchObject({ sequence: 3, location: 'Room 6' })
})

it('a mail written before the change by API and carried late does not undo it', async () => {
  const id = (await mail({ uid: 'late' })).eventIds[0] ?? ''
  const written = tenant.ctx.clock.now() + 10_000
  tenant.platform.clock.advance(60)
  await patch(id, { location: 'Room 4' })
  expect(await mail({ uid: 'late', place: 'Room 1', at: written })).toMatchObject({ kind: 'ignored', reason: 'stale' })
  expect(await read(id)).toMatchObject({ sequence: 1, location: 'Room 4' })
})

it('two changes by API within a second are two revisions in their order', async () => {
  const id = (await mail({ uid: 'second' })).eventIds[0] ?? ''
  await patch(id, { location: 'A' })
  await patch(id, { location: 'B' })
  expect(await read(id)).toMatchObject({ sequence: 2, location: 'B' })
})

it('an event made by API is the same event when its organizer mails it on, and hers to cancel', async () => {
  await mail({ uid: 'known' })
  const body = {
    organizer: ana,
    subject: 'Review',
    start: { local: '2027-03-05T10:00:00', time_zone: 'Europe/Madrid' },
  }
  const made = EventView.parse((await call('POST', '/events', { body: { ...body, duration: 'PT1H' } })).body)
  tenant.platform.clock.advance(60)
  const updated = await mail({ uid: made.uid, place: 'Room 7' })
  expect(updated).toMatchObject({ kind: 'acted', reason: 'updated', eventIds: [made.id] })
  expect(await read(made.id)).toMatchObject({ sequence: 1, location: 'Room 7' })
  const stranger = organizerMail({ uid: made.uid, method: 'CANCEL', lines: ['DTSTART:20270305T090000Z', 'SEQUENCE:9'] })
  const forged = stranger.replaceAll('From: Ana Diaz <ana.diaz@example.com>', 'From: m@example.org')
  expect(await tenant.receive(forged, { from: 'm@example.org' })).toMatchObject({ reason: 'not_the_organizer' })
  tenant.platform.clock.advance(60)
  expect(await mail({ uid: made.uid, method: 'CANCEL' })).toMatchObject({ kind: 'acted', reason: 'cancelled' })
  expect((await patch(made.id, { location: 'B' })).status).toBe(409)
})

it('cancelled by API, its calendar’s cancel says nothing new; a later invitation of it is a new event', async () => {
  const id = (await mail({ uid: 'gone' })).eventIds[0] ?? ''
  tenant.platform.clock.advance(60)
  await call('DELETE', `/events/${id}`)
  tenant.platform.clock.advance(60)
  expect(await mail({ uid: 'gone', method: 'CANCEL', sequence: 1 })).toMatchObject({ reason: 'already_cancelled' })
  tenant.platform.clock.advance(60)
  const again = await mail({ uid: 'gone', sequence: 2 })
  expect(again).toMatchObject({ kind: 'acted', reason: 'created' })
  expect(again.eventIds).not.toContain(id)
  expect(await read(id)).toMatchObject({ status: 'cancelled', sequence: 1 })
})

it('a change by API that meets a mailed one keeps what that changed', async () => {
  const id = (await mail({ uid: 'race' })).eventIds[0] ?? ''
  const slow = interrupted(tenant.ctx)
  slow.atWrite(writes(`event#${id}`, 'event'), async () => {
    tenant.platform.clock.advance(60)
    await mail({ uid: 'race', place: 'Room 8' })
  })
  await changeByApi(slow.ctx, { requestName: 'api_race', eventId: id, body: { subject: 'Retitled' } })
  expect(await read(id)).toMatchObject({ sequence: 2, subject: 'Retitled', location: 'Room 8' })
})

it('made from a revision that a mail has overtaken, a change is refused and nothing is written', async () => {
  const id = (await mail({ uid: 'overtaken' })).eventIds[0] ?? ''
  const slow = interrupted(tenant.ctx)
  slow.atWrite(writes(`event#${id}`, 'event'), async () => {
    tenant.platform.clock.advance(60)
    await mail({ uid: 'overtaken', place: 'Room 8' })
  })
  const change = { requestName: 'api_if', eventId: id, ifSequence: 0, body: { subject: 'Retitled' } }
  await expect(changeByApi(slow.ctx, change)).rejects.toMatchObject({ code: 'event.changed' })
  expect(await read(id)).toMatchObject({ sequence: 1, subject: 'Review' })
})

it('single dates without their series can be cancelled by API, not changed', async () => {
  const lines = ['DTSTART:20270305T090000Z', 'DTEND:20270305T100000Z', 'RECURRENCE-ID:20270305T090000Z']
  const naked = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'METHOD:REQUEST',
    eventWith({ uid: 'naked', lines }),
    eventWith({ uid: 'naked', lines: lines.map((line) => line.replace('0305', '0312').replace('0305', '0312')) }),
    'END:VCALENDAR',
  ].join('\r\n')
  const raw = mailWith({ uid: 'naked' }, 'text/calendar; charset=utf-8; method=REQUEST', naked)
  const id = (await tenant.receive(raw, { from: ana })).eventIds[0] ?? ''
  expect(await patch(id, { location: 'B' })).toMatchObject({ status: 409, body: { code: 'event.instances_only' } })
  expect((await call('DELETE', `/events/${id}?recurrence_id=2027-03-06T09:00:00Z`)).status).toBe(422)
  expect((await call('DELETE', `/events/${id}?recurrence_id=2027-03-12T09:00:00Z`)).body).toMatchObject({ sequence: 1 })
  expect((await call('DELETE', `/events/${id}`)).body).toMatchObject({ status: 'cancelled', sequence: 2 })
})
