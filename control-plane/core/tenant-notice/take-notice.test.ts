import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { registerLicensee } from '../licensee/register-licensee.ts'
import { registerTenant } from '../tenant/register-tenant.ts'
import { getTenant, tenantWrite } from '../tenant/tenant-store.ts'
import { readHealth, readUsage, takeTenantNotice } from './take-notice.ts'

let plane: ControlPlaneInMemory
let tenantId: string
let licenseeId: string

beforeEach(async () => {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  licenseeId = (await registerLicensee(ctx, { name: 'Acme', billingEmail: 'pay@example.com' })).licenseeId
  const wish = { registrableName: 'example.com', placement: 'cell', dnsMode: 'delegated', region: 'us-east-1' } as const
  tenantId = (await registerTenant(ctx, { ...wish, licenseeId, domainName: 'invites.example.com' })).tenant.tenantId
})
afterEach(() => plane.platform.close())

const health = (at: number, deadLetters: number) => ({
  kind: 'health',
  noticeId: `ntc_${at}`,
  tenantId,
  at,
  templateVersion: '1.0.0',
  licenceStanding: 'VALID',
  deadLetters,
  oldestWorkSeconds: 0,
})
const usage = (day: string, at: number, events: number) => ({
  kind: 'usage',
  noticeId: `ntc_${at}`,
  tenantId,
  at,
  day,
  counts: { events, invitationsSent: 0, mailsReceived: 0 },
})

it('keeps the newest health, whatever order notices come in', async () => {
  const ctx = plane.ctxOf()
  const now = ctx.clock.now()
  expect(await takeTenantNotice(ctx, health(now, 2))).toBe('kept')
  expect(await takeTenantNotice(ctx, health(now - 1000, 9))).toBe('older')
  expect(await takeTenantNotice(ctx, health(now, 2))).toBe('older')
  expect(await readHealth(ctx, tenantId)).toMatchObject({ deadLetters: 2, at: now })
})

it('keeps the last figures of each day and pages them, newest first', async () => {
  const ctx = plane.ctxOf()
  const now = ctx.clock.now()
  await takeTenantNotice(ctx, usage('2026-03-01', now - 5000, 3))
  await takeTenantNotice(ctx, usage('2026-03-02', now - 2000, 1))
  await takeTenantNotice(ctx, usage('2026-03-02', now, 4))
  const first = await readUsage(ctx, { tenantId, limit: 1 })
  expect(first.days).toMatchObject([{ day: '2026-03-02', counts: { events: 4 } }])
  const rest = await readUsage(ctx, { tenantId, limit: 1, ...(first.next === undefined ? {} : { after: first.next }) })
  expect(rest.days).toMatchObject([{ day: '2026-03-01' }])
})

it('refuses what is of no tenant, of no shape, or of a time to come, and hides it from others', async () => {
  const ctx = plane.ctxOf()
  const now = ctx.clock.now()
  expect(await takeTenantNotice(ctx, { kind: 'gossip' })).toBe('refused')
  expect(await takeTenantNotice(ctx, { ...health(now, 0), tenantId: 'ten_nobody' })).toBe('refused')
  expect(await takeTenantNotice(ctx, health(now + 86_400_000, 0))).toBe('refused')
  expect(await readHealth(ctx, tenantId)).toBeUndefined()
  const stranger = plane.ctxOf({ scope: { kind: 'licensee', licenseeId: 'lcs_other' } })
  await expect(readHealth(stranger, tenantId)).rejects.toMatchObject({ code: 'tenant.not_found' })
  await expect(readUsage(stranger, { tenantId, limit: 1 })).rejects.toMatchObject({ code: 'tenant.not_found' })
})

it('takes a notice from the tenant’s own stack alone, where its way proves whose it is', async () => {
  const ctx = plane.ctxOf()
  const now = ctx.clock.now()
  const from = (senderStackName: string) => takeTenantNotice(ctx, health(now, 1), { senderStackName })
  // Before there is a stack, nobody's is the tenant's.
  expect([await from('convoke-one'), await from('')]).toEqual(['refused', 'refused'])
  const before = await getTenant(ctx, tenantId)
  await ctx.table.write(tenantWrite(before, { ...before, stackName: 'convoke-one', version: before.version + 1 }))
  for (const other of ['convoke-two', 'convoke-one-b', 'convoke', '']) expect(await from(other)).toBe('refused')
  expect(await readHealth(ctx, tenantId)).toBeUndefined()
  expect(await from('convoke-one')).toBe('kept')
})
