import PostalMime from 'postal-mime'
import { afterEach, describe, expect, it } from 'vitest'
import { createApi } from '#tenant-stack/api/app.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { takeQuota } from '#tenant-stack/core/limits/take-quota.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'
let tenant: TestTenant
afterEach(() => tenant.close())

async function open(limits: NonNullable<Parameters<typeof createTestTenant>[0]>['limits'] & object) {
  tenant = await createTestTenant({ limits })
}

async function created(uid: string): Promise<string> {
  return (await tenant.receive(organizerMail({ uid }), { from: ana })).eventIds[0] ?? ''
}

const invite = (eventId: string, address: string) => inviteAttendee(tenant.ctx, { eventId, address, channel: 'api' })

describe('the invitations of an event', () => {
  it('are no more than its limit, with twenty asking at the same time; who is invited already needs no place', async () => {
    await open({ invitesPerEvent: 5 })
    const eventId = await created('full@example.com')
    const asked = Array.from({ length: 20 }, (_, index) => invite(eventId, `p${index}@example.org`))
    const outcomes = await Promise.allSettled(asked)
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect([outcomes.length - refused.length, refused.length]).toEqual([5, 15])
    for (const error of refused) expect(error).toMatchObject({ code: 'limit.invites_per_event', status: 409 })
    const first = outcomes.findIndex(({ status }) => status === 'fulfilled')
    expect((await invite(eventId, `p${first}@example.org`)).isNew).toBe(false)
    expect((await readStatistics(tenant.ctx, eventId)).attendees).toBe(5)
  })

  it('take one place each when twins ask for the same person', async () => {
    await open({ invitesPerEvent: 2 })
    const eventId = await created('twins@example.com')
    await Promise.all(Array.from({ length: 2 }, () => invite(eventId, 'bob@example.org')))
    expect((await invite(eventId, 'cleo@example.org')).isNew).toBe(true)
    await expect(invite(eventId, 'dora@example.org')).rejects.toMatchObject({ code: 'limit.invites_per_event' })
  })
})

describe('the invitations of a day', () => {
  it('are no more than its limit over all events, and the next day takes more', async () => {
    await open({ sendsPerDay: 2 })
    const [one, other] = [await created('one@example.com'), await created('other@example.com')]
    await invite(one, 'bob@example.org')
    await invite(other, 'bob@example.org')
    await expect(invite(other, 'cleo@example.org')).rejects.toMatchObject({ code: 'limit.sends_per_day', status: 429 })
    tenant.platform.clock.advance(86_400)
    expect((await invite(other, 'cleo@example.org')).isNew).toBe(true)
  })

  it('that a list takes are as many as are left, and what it does not use goes back', async () => {
    await open({ sendsPerDay: 10, invitesPerEvent: 8 })
    const eventId = await created('list@example.com')
    const quota = await takeQuota(tenant.ctx, { eventId, organizerAddress: ana, wanted: 100 })
    expect([quota.taken, quota.bound]).toEqual([8, 'invites_per_event'])
    await expect(invite(eventId, 'bob@example.org')).rejects.toMatchObject({ code: 'limit.invites_per_event' })
    await quota.giveBack(3)
    expect((await invite(eventId, 'bob@example.org')).isNew).toBe(true)
    const other = await created('second@example.com')
    expect(await takeQuota(tenant.ctx, { eventId: other, organizerAddress: ana, wanted: 100 })).toMatchObject({
      taken: 4,
      bound: 'sends_per_day',
    })
  })
})

describe('the events of an organizer', () => {
  it('are no more than his limit: the next invitation is answered in plain words, and changes go on', async () => {
    await open({ eventsPerOrganizer: 2 })
    await created('a@example.com')
    await created('b@example.com')
    expect(await created('c@example.com')).toBe('')
    const told = (await tenant.sent()).at(-1)
    const { text = '' } = await PostalMime.parse(told?.raw ?? '')
    expect([told?.to, text]).toEqual([ana, expect.stringContaining('as many events')])
    // Another organizer has places of his own.
    const { eventIds } = await tenant.receive(
      organizerMail({ uid: 'd@example.com' }).replaceAll(ana, 'eve@example.com'),
      {
        from: 'eve@example.com',
      },
    )
    expect(eventIds).toHaveLength(1)
  })
})

it('the API says what is full', async () => {
  await open({ invitesPerEvent: 1 })
  const eventId = await created('api@example.com')
  const { secret } = await createApiKey(tenant.ctx, { label: 'test', scopes: ['invitations:write'] })
  const call = async (email: string) => {
    const response = await createApi(tenant.ctx).request(`/v1/events/${eventId}/invitations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email }),
    })
    return { status: response.status, body: await response.json() }
  }
  expect(await call('bob@example.org')).toMatchObject({ status: 202 })
  expect(await call('cleo@example.org')).toMatchObject({
    status: 409,
    body: { code: 'limit.invites_per_event', detail: expect.stringContaining('1 invitations') },
  })
})
