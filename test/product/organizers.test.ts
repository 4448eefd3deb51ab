import PostalMime from 'postal-mime'
import { afterEach, describe, expect, it } from 'vitest'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { takeQuota } from '#tenant-stack/core/limits/take-quota.ts'
import { changeOrganizer } from '#tenant-stack/core/organizer/change-organizer.ts'
import { findOrganizer, organizerKey } from '#tenant-stack/core/organizer/organizer.ts'
import { registerOrganizer } from '#tenant-stack/core/organizer/register-organizer.ts'
import { uploadList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { swept } from '#test/harness/tenant/swept.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'
const eve = 'eve@example.org'
const time = ['DTSTART;TZID=Europe/Madrid:20270305T100000', 'DTEND;TZID=Europe/Madrid:20270305T110000']

let tenant: TestTenant
afterEach(() => tenant.close())

type Rule = Parameters<typeof createTestTenant>[0] & object

async function open(organizers?: Rule['organizers']) {
  tenant = await createTestTenant(organizers === undefined ? {} : { organizers })
}

const invitation = (uid: string) => tenant.receive(organizerMail({ uid }), { from: ana })
const ofEve = (uid: string) => tenant.receive(organizerMail({ uid, from: `Eve <${eve}>` }), { from: eve })

async function lastWords(): Promise<string> {
  const last = (await tenant.sent()).at(-1)
  return `${last?.to}: ${(await PostalMime.parse(last?.raw ?? '')).text ?? ''}`
}

const mailsTo = async (address: string) => (await tenant.sent()).filter(({ to }) => to === address).length

describe('who may organize', () => {
  it('is who sends from an allowed domain or address; another is told what to do, until he is registered', async () => {
    await open({ rule: 'domains', allowedSenders: ['example.com'] })
    expect(await invitation('ana@uid')).toMatchObject({ kind: 'acted', reason: 'created' })
    expect(await ofEve('eve@uid')).toMatchObject({ kind: 'ignored', reason: 'organizer_not_allowed', eventIds: [] })
    expect(await lastWords()).toMatch(/^eve@example\.org: .*none of those that may organize here/s)
    await registerOrganizer(tenant.ctx, { address: eve })
    expect(await ofEve('eve-again@uid')).toMatchObject({ kind: 'acted', reason: 'created' })
  })

  it('is not who only ends like an allowed domain', async () => {
    await open({ rule: 'domains', allowedSenders: ['ple.com', 'other@example.com'] })
    expect(await invitation('ana@uid')).toMatchObject({ reason: 'organizer_not_allowed' })
  })

  it('is whom an administrator has registered, and nobody else is even asked for his word', async () => {
    await open({ rule: 'registered', allowedSenders: [] })
    expect(await ofEve('eve@uid')).toMatchObject({ reason: 'organizer_not_registered' })
    const before = (await tenant.sent()).length
    const unproven = { from: eve, authentication: { dkimDomains: [], spf: 'FAIL', dmarc: 'FAIL' } } as const
    const mail = organizerMail({ uid: 'unproven@uid', from: `Eve <${eve}>` })
    expect(await tenant.receive(mail, unproven)).toMatchObject({
      reason: 'organizer_not_registered',
      answer: 'nothing',
    })
    expect(await tenant.sent()).toHaveLength(before)
    await registerOrganizer(tenant.ctx, { address: ana })
    expect(await invitation('ana@uid')).toMatchObject({ reason: 'created' })
  })

  it('holds for the API as well', async () => {
    await open({ rule: 'registered', allowedSenders: [] })
    await tenant.ctx.table.write({ kind: 'put', item: { ...organizerKey(eve), address: eve } })
    const call = await apiCaller(tenant.ctx)
    const body = { organizer: eve, subject: 'Review', start: { date: '2027-04-01' } }
    expect(await call('POST', '/events', { body })).toMatchObject({
      status: 403,
      body: { code: 'organizer.not_allowed' },
    })
  })
})

describe('a suspended organizer', () => {
  it('can neither create nor change nor invite, by mail or API, yet his cancel reaches those who were invited', async () => {
    await open()
    const { eventIds } = await invitation('one@uid')
    const [eventId = ''] = eventIds
    await inviteAttendee(tenant.ctx, { eventId, address: 'bob@example.org', channel: 'api' })
    await tenant.drain()
    await changeOrganizer(tenant.ctx, { address: ana, state: 'suspended', reason: 'left' })
    expect(await invitation('two@uid')).toMatchObject({ kind: 'ignored', reason: 'organizer_suspended' })
    expect(await lastWords()).toContain('suspended you')
    const moved = organizerMail({ uid: 'one@uid', subject: 'Moved', lines: [...time, 'SEQUENCE:1'] })
    expect(await tenant.receive(moved, { from: ana })).toMatchObject({ reason: 'organizer_suspended' })
    const call = await apiCaller(tenant.ctx)
    const suspended = { status: 403, body: { code: 'organizer.suspended' } }
    const event = { organizer: ana, subject: 'Review', start: { date: '2027-04-01' } }
    expect(await call('POST', '/events', { body: event })).toMatchObject(suspended)
    expect(await call('PATCH', `/events/${eventId}`, { body: { location: 'Room 5' } })).toMatchObject(suspended)
    const cleo = { email: 'cleo@example.org' }
    expect(await call('POST', `/events/${eventId}/invitations`, { body: cleo })).toMatchObject(suspended)
    const { listId } = await uploadList(tenant.ctx, { eventId, bytes: Buffer.from('dora@example.org\n') })
    await tenant.drain()
    expect(await call('POST', `/lists/${listId}/confirm`)).toMatchObject(suspended)
    expect(await mailsTo('bob@example.org')).toBe(1)
    await call('PATCH', `/events/${eventId}`, { body: { audience: 'everyone' } })
    const cancel = organizerMail({ uid: 'one@uid', method: 'CANCEL', lines: [...time, 'SEQUENCE:2'] })
    expect(await tenant.receive(cancel, { from: ana })).toMatchObject({ kind: 'acted', reason: 'cancelled' })
    expect(await mailsTo('bob@example.org')).toBe(2)
  })

  it('has invites that have not left wait, and be sent once he is resumed', async () => {
    await open()
    const { eventIds } = await invitation('one@uid')
    const [eventId = ''] = eventIds
    await inviteAttendee(tenant.ctx, { eventId, address: 'bob@example.org', channel: 'api' })
    await changeOrganizer(tenant.ctx, { address: ana, state: 'suspended', reason: 'left' })
    await swept(tenant, 3600)
    expect(await mailsTo('bob@example.org')).toBe(0)
    await changeOrganizer(tenant.ctx, { address: ana, state: 'active' })
    await swept(tenant, 3600)
    expect(await mailsTo('bob@example.org')).toBe(1)
  })
})

describe('limits of one organizer', () => {
  it('go before those of the domain, for him alone, and fall back to them', async () => {
    await open()
    const { eventIds } = await invitation('one@uid')
    const [eventId = ''] = eventIds
    const { eventIds: others } = await ofEve('eve@uid')
    const own = { invitesPerEvent: 3, eventsPerOrganizer: 1, sendsPerDay: 2 }
    await changeOrganizer(tenant.ctx, { address: ana, limits: own })
    expect(await invitation('two@uid')).toMatchObject({ reason: 'events_per_organizer' })
    const asked = { eventId, organizerAddress: ana, wanted: 5 }
    expect(await takeQuota(tenant.ctx, asked)).toMatchObject({ taken: 2, bound: 'sends_per_day', max: 2 })
    const another = await takeQuota(tenant.ctx, { eventId: others[0] ?? '', organizerAddress: eve, wanted: 5 })
    expect(another.taken).toBe(5)
    await changeOrganizer(tenant.ctx, { address: ana, limits: { sendsPerDay: null } })
    const full = await takeQuota(tenant.ctx, asked)
    expect(full).toMatchObject({ taken: 1, bound: 'invites_per_event', max: 3 })
    await full.giveBack(1)
    expect((await takeQuota(tenant.ctx, asked)).taken).toBe(1)
  })
})

describe('/v1/organizers', () => {
  it('201, 409, 422: registers once; who came by mail is taken in with what is known of him', async () => {
    await open()
    await invitation('one@uid')
    const call = await apiCaller(tenant.ctx)
    const body = { email: 'Ana.Diaz@Example.com', limits: { sends_per_day: 9 } }
    expect(await call('POST', '/organizers', { body })).toMatchObject({
      status: 201,
      body: { email: ana, name: 'Ana Diaz', state: 'active', limits: { sends_per_day: 9, invites_per_event: null } },
    })
    expect(await call('POST', '/organizers', { body })).toMatchObject({
      status: 409,
      body: { code: 'organizer.exists' },
    })
    for (const email of ['nobody', 'x@events.example.net'])
      expect((await call('POST', '/organizers', { body: { email } })).status).toBe(422)
  })

  it('200: pages by address, by its beginning and by state', async () => {
    await open()
    for (const address of [eve, ana, 'ann@example.com']) await registerOrganizer(tenant.ctx, { address })
    await changeOrganizer(tenant.ctx, { address: ana, state: 'suspended', reason: 'left' })
    const call = await apiCaller(tenant.ctx)
    const first = await call('GET', '/organizers?prefix=an&limit=1')
    expect(first.body).toMatchObject({ has_more: true, data: [{ email: ana, state: 'suspended' }] })
    const after = encodeURIComponent(String(first.body.next_cursor))
    expect((await call('GET', `/organizers?prefix=an&limit=5&after=${after}`)).body).toMatchObject({
      has_more: false,
      data: [{ email: 'ann@example.com' }],
    })
    expect((await call('GET', '/organizers?state=active')).body.data).toMatchObject([
      { email: 'ann@example.com' },
      { email: eve },
    ])
  })

  it('200: suspends with a reason, keeps the first time of it, and resumes; 404, 422, 403', async () => {
    await open()
    await registerOrganizer(tenant.ctx, { address: ana })
    const call = await apiCaller(tenant.ctx)
    const suspend = { body: { state: 'suspended', reason: 'Left the company.' } }
    const suspended = await call('PATCH', `/organizers/${ana}`, suspend)
    expect(suspended).toMatchObject({
      status: 200,
      body: { state: 'suspended', suspended_reason: 'Left the company.' },
    })
    tenant.platform.clock.advance(60)
    expect((await call('PATCH', `/organizers/${ana}`, suspend)).body).toEqual(suspended.body)
    const resumed = await call('PATCH', `/organizers/${ana}`, { body: { state: 'active', name: 'Ana' } })
    expect(resumed.body).toEqual((await call('GET', `/organizers/${ana}`)).body)
    expect(await findOrganizer(tenant.ctx, ana)).not.toHaveProperty('suspendedReason')
    expect((await call('PATCH', `/organizers/${eve}`, { body: { name: 'Eve' } })).status).toBe(404)
    expect(await findOrganizer(tenant.ctx, eve)).toBeUndefined()
    for (const body of [
      { state: 'suspended' },
      { reason: 'x' },
      { limits: { sends_per_day: 0 } },
      { name: 'A\r\nBcc: x' },
    ])
      expect((await call('PATCH', `/organizers/${ana}`, { body })).status).toBe(422)
    const reader = await apiCaller(tenant.ctx, ['organizers:read'])
    expect((await reader('PATCH', `/organizers/${ana}`, { body: { name: 'A' } })).status).toBe(403)
  })
})
