import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import {
  countsSince,
  decideStop,
  findSendingStop,
  resumeSending,
} from '#tenant-stack/core/sending-stop/sending-stop.ts'
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
    expect(decideStop(window)).toBe(reason)
  })

  it('count from when a person let the mail go on, and in full once that day has left the window', () => {
    const resumed = { at: Date.parse('2026-11-24T10:00:00Z'), dayCounts: of(600, 60, 1) }
    const window = [
      { day: '2026-11-25', counts: of(150, 3, 0) },
      { day: '2026-11-24', counts: of(700, 62, 1) },
      { day: '2026-11-23', counts: of(400, 40, 4) },
    ]
    expect(countsSince(window)).toEqual(of(1250, 105, 5))
    expect(countsSince(window, resumed)).toEqual(of(250, 5, 0))
    expect(countsSince(window.slice(0, 1), resumed)).toEqual(of(150, 3, 0))
    // A row of before its day was kept: that day counts in full.
    expect(countsSince(window, { at: resumed.at })).toEqual(of(850, 65, 1))
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

  it('is stopped again when its mail is as bad a week after a person has let it go on', async () => {
    const people = (from: number) => Array.from({ length: 200 }, (_, at) => `p${from + at}@example.org`)
    await invite(...people(0))
    for (let at = 0; at < 8; at += 1) await bounce(`p${at}@example.org`)
    await resumeSending(tenant.ctx, { reason: 'The old list was thrown away.' })
    // What was counted before has left the window by then: it must not be taken off what came since.
    tenant.platform.clock.advance(8 * 24 * 3600)
    await invite(...people(200))
    for (let at = 200; at < 207; at += 1) await bounce(`p${at}@example.org`)
    expect((await findSendingStop(tenant.ctx))?.isStopped).toBe(false)
    await bounce('p207@example.org')
    expect(await findSendingStop(tenant.ctx)).toMatchObject({
      isStopped: true,
      reason: 'bounces',
      counts: { sent: 200, bounced: 8 },
    })
  })
})
