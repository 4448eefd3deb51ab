import { afterEach, expect, it } from 'vitest'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { fanOut } from '#tenant-stack/pipelines/fan-out/fan-out.ts'
import { ana, invited, onDay } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
afterEach(() => tenant.close())

const summaries = async (one: Awaited<ReturnType<typeof invited>>) =>
  (await one.mailsTo(ana)).filter(({ subject }) => /^(Updated|Called off|A date called off): /.test(subject ?? ''))

it('tells an organizer what changed, who is told of it, and who is not', async () => {
  tenant = await createTestTenant()
  const one = await invited(tenant)
  for (const address of ['cleo@example.org', 'dan@example.org'])
    await inviteAttendee(tenant.ctx, { eventId: one.eventId, address, channel: 'api' })
  await suppress(tenant.ctx, { address: 'mute@example.org', reason: 'manual', source: 'api' })
  await inviteAttendee(tenant.ctx, { eventId: one.eventId, address: 'mute@example.org', channel: 'api' })
  await tenant.drain()
  await one.reply('google')
  await one.changed(1, { lines: onDay(6) })
  const [updated, ...none] = await summaries(one)
  expect(none).toEqual([])
  expect(updated?.subject).toBe('Updated: A meeting')
  for (const words of ['telling 1 person: those who have answered', 'the start', 'answers count no longer'])
    expect(updated?.text).toContain(words)
  expect(updated?.text).toMatch(/Told:? +1\b[\s\S]*Not told:? +2\b[\s\S]*comes back:? +1\b[\s\S]*Revision:? +1\b/)
  await one.changed(2, { method: 'CANCEL', lines: onDay(6) })
  const all = await summaries(one)
  expect(all.map(({ subject }) => subject)).toEqual(['Updated: A meeting', 'Called off: A meeting'])
})

it('is sent once, however often the fan-out runs; and not while nobody has been invited', async () => {
  tenant = await createTestTenant()
  const one = await invited(tenant)
  await one.changed(1, { lines: onDay(6) })
  for (let again = 0; again < 3; again += 1) {
    await tenant.ctx.table.write({
      kind: 'update',
      key: { pk: `event#${one.eventId}`, sk: 'fan#0000000001' },
      set: { state: 'running', page: 0, told: 0, seen: 0, silent: 0 },
    })
    await Promise.all([1, 2].map(() => fanOut(tenant.ctx, { eventId: one.eventId, sequence: 1 }, 'event-updated')))
    await tenant.drain()
  }
  const [only, ...none] = await summaries(one)
  expect([only?.subject, none]).toEqual(['Updated: A meeting', []])
  expect(only?.text).toContain('Nobody had to be told')
})
