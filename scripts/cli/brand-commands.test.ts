import { afterEach, beforeEach, expect, it } from 'vitest'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { brandCommands } from './brand-commands.ts'
import type { Product } from './product.ts'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

async function run(verb: string, options: Readonly<Record<string, string>> = {}) {
  const call = await apiCaller(tenant.ctx)
  const noOther = () => Promise.reject(new Error('not asked for'))
  const product: Product = {
    smtp: { host: 'localhost', port: 1 },
    createAddress: 'create@events.example.net',
    api: async (path, { method = 'GET', ...init } = {}) => (await call(method, path, init)).body,
    stream: noOther,
    page: noOther,
  }
  const command = brandCommands.find((one) => one.verb === verb)
  return command?.run(product, { positionals: [], options, flags: new Set(), isJson: false })
}

it('sets what is named, keeps the rest, and takes away what is empty', async () => {
  await run('set', { name: 'Example Events', footer: 'Example Ltd', accent: '#0b7a3e' })
  await run('set', { support: 'help@example.com' })
  const set = await run('set', { footer: '' })
  expect(set?.json).toEqual({
    product_name: 'Example Events',
    accent_colour: '#0b7a3e',
    accent_text_colour: '#ffffff',
    support_address: 'help@example.com',
    version: 3,
  })
  expect((await run('show'))?.text).toContain('Example Events')
})

it('asks for something to set', async () => {
  await expect(run('set')).rejects.toThrow('name at least one of')
})
