import { afterEach, describe, expect, it } from 'vitest'
import { LICENCE_FILE_KEY } from '#shared/contracts/licence-file.ts'
import { newestLicenceKey } from '#tenant-stack/core/licence-standing/licence-watch.ts'
import { takeLicence } from '#tenant-stack/core/licence-standing/take-licence.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import {
  ana,
  createLicensedStack,
  domainName,
  type LicensedStack,
  vendor,
} from '#test/harness/tenant/licensed-stack.ts'
import { createTestTenant, type TestTenant, testTenantId } from '#test/harness/tenant/test-tenant.ts'
import { createTestVendor } from '#test/harness/tenant/test-vendor.ts'

const DAY = 24 * 3600

const opened: (LicensedStack | TestTenant)[] = []
afterEach(async () => {
  for (const tenant of opened.splice(0)) await tenant.close()
})

async function open() {
  const stack = await createLicensedStack()
  opened.push(stack)
  return stack
}

describe('a stack that asks for a licence', () => {
  it('takes mail in before it has one, and works once it has', async () => {
    const stack = await open()
    await stack.accept(organizerMail({ uid: 'early@example.com' }))
    await stack.sweep()
    expect(await stack.subjects()).toEqual([])
    expect((await stack.ctx.licence.standing()).code).toBe('NOT_FOUND')
    await stack.issue({})
    expect(await stack.ctx.licence.standing()).toMatchObject({
      code: 'VALID',
      payload: { limits: { attendeesPerEvent: 1000 } },
    })
    await stack.sweep()
    expect(await stack.subjects()).toEqual([`${ana}: Created: A meeting`])
  })

  it('goes back to no older file, and loses none by its removal', async () => {
    const stack = await open()
    const { ctx } = stack
    const before = ctx.clock.now()
    await stack.issue({})
    stack.platform.clock.advance(60)
    await stack.issue({ state: 'suspended' })
    await stack.issue({ issuedAt: before })
    expect((await ctx.licence.standing()).code).toBe('SUSPENDED')
    await ctx.blobs.delete(LICENCE_FILE_KEY)
    expect(await takeLicence(ctx)).toBe('none')
    stack.platform.clock.advance(120)
    expect((await ctx.licence.standing()).code).toBe('SUSPENDED')
  })

  it('takes no file that is not genuine, and is healed of a row that somebody wrote', async () => {
    const stack = await open()
    const { ctx } = stack
    await stack.issue({ state: 'suspended' })
    const forger = createTestVendor()
    const wish = { tenantId: testTenantId, domainName, issuedAt: ctx.clock.now() + 1000 }
    await forger.issue(ctx.blobs, wish)
    expect(await takeLicence(ctx)).toBe('refused')
    await ctx.blobs.put(LICENCE_FILE_KEY, Buffer.from('{"kid":'))
    expect(await takeLicence(ctx)).toBe('refused')
    expect((await ctx.licence.standing()).code).toBe('SUSPENDED')
    const forged: unknown = JSON.parse(Buffer.from(forger.licenceFile(wish)).toString())
    await ctx.table.write({ kind: 'put', item: { ...newestLicenceKey, ...Object(forged) } })
    stack.platform.clock.advance(120)
    expect((await ctx.licence.standing()).code).toBe('NOT_FOUND')
    await stack.issue({})
    expect((await ctx.licence.standing()).code).toBe('VALID')
  })

  it('hears of a change by another process within a minute, and of time at once', async () => {
    const stack = await open()
    await stack.issue({})
    const { ctx, platform } = stack
    expect((await ctx.licence.standing()).isWorking).toBe(true)
    platform.clock.advance(30 * DAY)
    expect((await ctx.licence.standing()).isWorking).toBe(true)
    platform.clock.advance(1)
    expect(await ctx.licence.standing()).toMatchObject({ code: 'EXPIRED', reason: 'vendor_silent' })
  })
})

it('a stack without keys asks for no licence', async () => {
  const tenant = await createTestTenant()
  opened.push(tenant)
  await vendor.issue(tenant.ctx.blobs, {
    tenantId: testTenantId,
    domainName,
    issuedAt: tenant.ctx.clock.now(),
    state: 'suspended',
  })
  expect(await takeLicence(tenant.ctx)).toBe('none')
  expect(await tenant.ctx.licence.standing()).toMatchObject({ code: 'VALID', isWorking: true })
})
