import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { decideStop, findSendingStop, resumeSending } from '#tenant-stack/core/sending-stop/sending-stop.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

describe('the shares', () => {
  const of = (sent: number, bounced: number, complained: number) => ({ sent, bounced, complained })

  it.each([
    [of(199, 199, 199), undefined],
    [of(200, 7, 0), undefined],
    [of(200, 8, 0), 'bounces'],
    [of(2500, 0, 1), undefined],
    [of(2500, 0, 2), 'complaints'],
    [of(1250, 0, 1), 'complaints'],
  ] as const)('%o: %s', (window, reason) => {
    expect(decideStop(window, undefined)).toBe(reason)
  })

  it('count from when a person let the mail go on', () => {
    const before = { counts: of(1000, 100, 0) }
    expect(decideStop(of(1199, 140, 0), before)).toBeUndefined()
    expect(decideStop(of(1300, 111, 0), before)).toBeUndefined()
    expect(decideStop(of(1300, 112, 0), before)).toBe('bounces')
  })
})

describe('a tenant whose mail bounces', () => {
  const ana = 'ana.diaz@example.com'
  let tenant: TestTenant
  let eventId: string
  beforeEach(async () => {
    tenant = await createTestTenant()
    eventId = (await tenant.receive(organizerMail({ uid: 'talk@example.com' }), { from: ana })).eventIds[0] ?? ''
  })
  afterEach(() => tenant.close())

  async function invite(...addresses: readonly string[]): Promise<void> {
    for (const address of addresses) await inviteAttendee(tenant.ctx, { eventId, address, channel: 'api' })
    await tenant.drain()
  }

  const sent = async () => (await tenant.sent()).filter(({ to }) => to !== ana)

  async function bounce(address: string, ctx: Ctx = tenant.ctx): Promise<void> {
    const raw = Buffer.from((await sent()).find(({ to }) => to === address)?.raw ?? '').toString('latin1')
    const sendId = /^X-Convoke-Send-Id: (\S+)/m.exec(raw)?.[1] ?? ''
    const mail = { messageId: 'm', timestamp: '2026-11-24T10:00:00.000Z', tags: { sendId: [sendId] } }
    await pipelineHandlers.feedback(
      ctx,
      JSON.stringify({ eventType: 'Bounce', mail, bounce: { bounceType: 'Permanent' } }),
    )
  }

  it('sends nothing more from the eighth of two hundred on; what waits is sent when a person lets it go on', async () => {
    await invite(...Array.from({ length: 200 }, (_, at) => `p${at}@example.org`))
    for (let at = 0; at < 7; at += 1) await bounce(`p${at}@example.org`)
    expect(await findSendingStop(tenant.ctx)).toBeUndefined()
    await Promise.all([bounce('p7@example.org'), bounce('p7@example.org')])
    expect(await findSendingStop(tenant.ctx)).toMatchObject({
      isStopped: true,
      reason: 'bounces',
      counts: { bounced: 8 },
    })
    await invite('late@example.org')
    for (let minute = 0; minute < 5; minute += 1) {
      tenant.platform.clock.advance(120)
      await sweepHandlers.unfinished(tenant.ctx)
      await tenant.drain()
    }
    expect((await sent()).length).toBe(200)
    // Events are still created, and their organizer is told.
    const told = (await tenant.sent()).length
    expect((await tenant.receive(organizerMail({ uid: 'next@example.com' }), { from: ana })).eventIds).toHaveLength(1)
    expect((await tenant.sent()).length).toBe(told + 1)
    await resumeSending(tenant.ctx, { reason: 'The old list was thrown away.' })
    tenant.platform.clock.advance(120)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
    expect((await sent()).map(({ to }) => to).at(-1)).toBe('late@example.org')
    await bounce('p8@example.org')
    expect((await findSendingStop(tenant.ctx))?.isStopped).toBe(false)
  })
})
