import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { apiPaths } from '#infra/api-paths.ts'
import { createApi } from '#tenant-stack/api/app.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant

beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(async () => tenant.close())

it('API Gateway is given every path of the OpenAPI document, and no other', async () => {
  const answer = await createApi(tenant.ctx).request('/v1/openapi.json')
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(await answer.json())
  expect(apiPaths.toSorted()).toEqual(Object.keys(paths).toSorted())
})
