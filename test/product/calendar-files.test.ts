import nodeIcal from 'node-ical'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { ana, bob, type Invited, invited, onDay } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

async function fileOf({ eventId }: Pick<Invited, 'eventId'>) {
  const call = await apiCaller(tenant.ctx, ['events:read'])
  return call('GET', `/events/${eventId}/calendar.ics`)
}

/** As another parser reads it. */
function eventOf(text: string) {
  const found = Object.values(nodeIcal.sync.parseICS(text)).filter((each) => each?.type === 'VEVENT')
  const [only] = found
  if (only?.type !== 'VEVENT' || found.length > 1) throw new Error(`${found.length} events`)
  return only
}

describe('an event as a calendar file', () => {
  it('is published under the UID of the invites, with its organizer and nobody who was invited', async () => {
    const one = await invited(tenant)
    const { status, headers, text } = await fileOf(one)
    expect([status, headers.get('content-type'), headers.get('etag')]).toEqual([
      200,
      'text/calendar; charset=utf-8; method=PUBLISH',
      '"0"',
    ])
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${one.eventId}.ics"`)
    expect(text).not.toMatch(/ATTENDEE|bob@|r-[a-z0-9]{10}/)
    expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true)
    const event = eventOf(text)
    expect(event.uid).toBe(`${one.eventId}@events.example.net`)
    expect(event.start.toISOString()).toBe('2027-03-05T09:00:00.000Z')
    expect(event.organizer).toMatchObject({ val: `mailto:${ana}` })
    const invite = (await one.mailsTo(bob)).at(-1)?.attachments[0]?.content
    expect(String(typeof invite === 'string' ? invite : new TextDecoder().decode(invite))).toContain(event.uid)
  })

  it('follows the event: moved, without a date that was called off, and cancelled', async () => {
    const weekly = [...onDay(5), 'RRULE:FREQ=WEEKLY;COUNT=4']
    const one = await invited(tenant, 'weekly@example.com', bob, weekly)
    await one.changed(1, {
      method: 'CANCEL',
      lines: [...onDay(12), 'RECURRENCE-ID;TZID=Europe/Madrid:20270312T100000'],
    })
    const series = eventOf((await fileOf(one)).text)
    const starts = series.rrule?.between(new Date('2027-03-01'), new Date('2027-05-01')) ?? []
    expect(starts).toHaveLength(4)
    expect(Object.keys(series.exdate ?? {})).toContain('2027-03-12')
    await one.changed(2, { method: 'CANCEL' })
    const { text } = await fileOf(one)
    expect(text).toContain('METHOD:PUBLISH\r\n')
    expect(text).toContain('STATUS:CANCELLED\r\n')
    expect(eventOf(text).status).toBe('CANCELLED')
  })

  it('carries hostile words as words', async () => {
    const one = await invited(tenant, 'odd@example.com', bob, [
      ...onDay(5),
      'LOCATION:Room\\nATTENDEE:mailto:x@example.org\\;1',
      'DESCRIPTION:END:VEVENT\\nBEGIN:VALARM',
    ])
    const { text } = await fileOf(one)
    expect(text).not.toMatch(/^ATTENDEE|^BEGIN:VALARM/m)
    expect(eventOf(text).location).toBe('Room\nATTENDEE:mailto:x@example.org;1')
  })

  it('is refused without the scope, and for an event that is not there', async () => {
    const one = await invited(tenant)
    const poor = await apiCaller(tenant.ctx, ['statistics:read'])
    expect((await poor('GET', `/events/${one.eventId}/calendar.ics`)).status).toBe(403)
    expect(await fileOf({ eventId: 'evt_nothing' })).toMatchObject({ status: 404, body: { code: 'event.not_found' } })
  })
})
