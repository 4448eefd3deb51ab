import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tenantTemplate } from '#infra/synthesise.ts'
import { iamList } from '#infra/template/iam-list.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { sampleRelease } from './sample-release.ts'

let tenant: TestTenant

beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(async () => tenant.close())

it('what a received invite leaves in the bucket lies under the prefixes that its readers may read', async () => {
  await tenant.receive(await readFile(new URL('../../samples/google-weekly-recurring.eml', import.meta.url)))
  const rights = iamList(tenantTemplate(sampleRelease)).filter(({ action }) => action === 's3:GetObject')
  const readable = (role: string) => rights.filter((right) => right.role === role).map(({ resource }) => resource)
  const { blobs } = await tenant.ctx.blobs.list('', { limit: 1000 })
  const prefixes = new Set(blobs.map(({ key }) => `<Bucket.Arn>/${key.split('/')[0]}/*`))
  expect([...prefixes].toSorted()).toEqual(['<Bucket.Arn>/events/*', '<Bucket.Arn>/inbound/*'])
  for (const prefix of prefixes) expect(readable('ReaderRole')).toContain(prefix)
  for (const role of ['SenderRole', 'FrontRole']) {
    expect(readable(role)).toContain('<Bucket.Arn>/events/*')
    expect(readable(role)).not.toContain('<Bucket.Arn>/inbound/*')
  }
})
