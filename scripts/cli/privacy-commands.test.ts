import { afterEach, beforeEach, expect, it } from 'vitest'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { invited } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { privacyCommands } from './privacy-commands.ts'
import type { Product } from './product.ts'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

async function run(noun: string, verb: string, positionals: readonly string[], flags: readonly string[] = []) {
  const call = await apiCaller(tenant.ctx)
  const noOther = () => Promise.reject(new Error('not asked for'))
  const product: Product = {
    smtp: { host: 'localhost', port: 1 },
    createAddress: 'create@events.example.net',
    api: async (path, { method = 'GET', ...init } = {}) => (await call(method, path, init)).body,
    stream: noOther,
    page: noOther,
  }
  const command = privacyCommands.find((one) => one.noun === noun && one.verb === verb)
  if (command === undefined) throw new Error(`no ${noun} ${verb}`)
  return command.run(product, { positionals, options: {}, flags: new Set(flags), isJson: false })
}

it('erases nobody without --yes, and says how to look first', async () => {
  await expect(run('erasure', 'start', ['bob@example.org'])).rejects.toThrow('--dry-run')
  expect((await run('erasure', 'list', [])).text).toBe('Nobody was erased.')
})

it('counts on trial, and shows what there is by kind', async () => {
  await invited(tenant)
  const { json } = await run('erasure', 'start', ['bob@example.org'], ['dry-run'])
  await tenant.drain()
  const id = String(Object.entries(json ?? {}).find(([name]) => name === 'id')?.[1])
  expect((await run('erasure', 'show', [id])).text).toMatch(/done.*only counted\n(.*\n)*\s+invitations: 1/)
})

it('starts and lists exports', async () => {
  await run('export', 'start', ['bob@example.org'])
  await tenant.drain()
  expect((await run('export', 'list', [])).text).toMatch(/^exp_[0-9a-z]{26} {2}done/)
})
