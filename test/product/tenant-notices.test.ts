import { afterAll, beforeAll, expect, it } from 'vitest'
import { TenantNotice } from '#shared/contracts/tenant-notices.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { resumeSending, stopWhenTooBad } from '#tenant-stack/core/sending-stop/sending-stop.ts'
import { addUsage, readUsage } from '#tenant-stack/core/usage/usage.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { healthNotice, usageNotices } from '#tenant-stack/pipelines/tell/tenant-notices.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createLicensedStack, domainName, vendor } from '#test/harness/tenant/licensed-stack.ts'
import { createTestTenant, type TestTenant, testTenantId } from '#test/harness/tenant/test-tenant.ts'

const teller = { tenantId: testTenantId, templateVersion: '1.2.3' }
let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(async () => tenant.close())

it('tells the day’s events, invitations and mails, each counted once', async () => {
  const { ctx, platform } = tenant
  platform.clock.set(Date.UTC(2026, 10, 25, 23, 50))
  const ids: string[] = []
  for (const uid of ['a@example.com', 'b@example.com'])
    ids.push(...(await tenant.receive(organizerMail({ uid }), { from: 'ana.diaz@example.com' })).eventIds)
  await tenant.receive('From: ana.diaz@example.com\nSubject: no calendar\nMessage-ID: <c@example.com>\n\nHello\n')
  for (const [index, eventId] of ids.entries()) {
    await inviteAttendee(ctx, { eventId, address: `bob${index}@example.org`, channel: 'api' })
    await inviteAttendee(ctx, { eventId, address: 'eve@example.org', channel: 'api' })
  }
  await tenant.drain()
  const counts = { events: 2, invitationsSent: 4, mailsReceived: 3 }
  const [notice, ...more] = await usageNotices(ctx, teller)
  expect(more).toEqual([])
  expect(TenantNotice.parse(notice)).toMatchObject({ kind: 'usage', tenantId: testTenantId, day: '2026-11-25', counts })

  platform.clock.set(Date.UTC(2026, 10, 26, 0, 40))
  await tenant.receive(organizerMail({ uid: 'd@example.com' }), { from: 'ana.diaz@example.com' })
  // The first look of a day tells the day before as well, whose last hour nobody has heard of.
  const told = await usageNotices(ctx, teller)
  expect(told).toMatchObject([
    { day: '2026-11-25', counts },
    { day: '2026-11-26', counts: { events: 1, invitationsSent: 0, mailsReceived: 1 } },
  ])
  for (const one of told) expect(new Date(one.at).toISOString().slice(0, 10)).toBe('day' in one ? one.day : '')
  expect(await readUsage(ctx, '2026-11-24')).toEqual({ events: 0, invitationsSent: 0, mailsReceived: 0 })
})

it('tells how the stack is', async () => {
  const health = TenantNotice.parse(await healthNotice(tenant.ctx, teller))
  expect(health).toMatchObject({ kind: 'health', templateVersion: '1.2.3', licenceStanding: 'VALID', deadLetters: 0 })
})

it('tells that the stack has stopped its own mail, and of what, until a person lets it go on', async () => {
  const told = async () => TenantNotice.parse(await healthNotice(tenant.ctx, teller))
  expect(await told()).not.toHaveProperty('sendingStop')
  const at = tenant.ctx.clock.now()
  await tenant.ctx.table.transact([addUsage(tenant.ctx, at, 'writer', { invitationsSent: 1000, complained: 1 })])
  await stopWhenTooBad(tenant.ctx)
  expect(await told()).toMatchObject({ kind: 'health', sendingStop: 'complaints' })
  await resumeSending(tenant.ctx, { reason: 'The list was thrown away.' })
  expect(await told()).not.toHaveProperty('sendingStop')
})

it('tells by the sweep of both runtimes, and nobody where there is no control plane', async () => {
  const told: TenantNotice[] = []
  const tell = async (notice: TenantNotice) => void told.push(TenantNotice.parse(notice))
  await sweepHandlers.tell(tenant.ctx)
  expect(told).toEqual([])
  await sweepHandlers.tell({ ...tenant.ctx, teller: { ...teller, tell } })
  expect(told.map(({ kind }) => kind)).toEqual(['health', 'usage', 'usage'])
  for (const notice of told) expect(notice.tenantId).toBe(testTenantId)
})

it('tells its standing as soon as another licence is there, and no sooner', async () => {
  const stack = await createLicensedStack()
  const told: string[] = []
  const tell = async (notice: TenantNotice) => void told.push(notice.kind === 'health' ? notice.licenceStanding : '')
  const ctx = { ...stack.ctx, teller: { ...teller, tell } }
  await sweepHandlers.queues(ctx)
  expect(told).toEqual([])
  await vendor.issue(ctx.blobs, { tenantId: testTenantId, domainName, issuedAt: ctx.clock.now() })
  await sweepHandlers.queues(ctx)
  await sweepHandlers.queues(ctx)
  expect(told).toEqual(['VALID'])
  await stack.close()
})
