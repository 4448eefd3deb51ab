import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import { TableFailure } from '#shared/platform/table.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { Operation } from '#test/harness/openapi/document.ts'
import { type Asked, createProvoker, type Provoker, UNKNOWN } from '#test/harness/openapi/provoker.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
let api: Provoker

beforeAll(async () => {
  tenant = await createTestTenant()
  api = await createProvoker(tenant)
})
afterAll(() => tenant.close())

const isDocumented = ({ responses }: Operation, status: number) =>
  expect(Object.keys(responses)).toContain(String(status))

/** Every operation that a case is about; the case is void when there is none. */
async function each(
  least: number,
  about: (operation: Operation) => boolean,
  test: (operation: Operation) => Promise<void>,
) {
  const chosen = api.operations.filter(about)
  expect(chosen.length).toBeGreaterThanOrEqual(least)
  for (const operation of chosen) await test(operation)
}

const takesJson = ({ requestBody }: Operation) => requestBody?.content['application/json'] !== undefined
const hasParameter = (name: string) => (operation: Operation) =>
  operation.parameters.some((parameter) => parameter.name === name)

describe('every operation of the API', () => {
  it('401: without a key, with one that never was, with one of another kind', async () => {
    await each(
      30,
      () => true,
      async (operation) => {
        for (const key of [null, `cvk_${UNKNOWN}`, 'cvl_00000000000000000000000000', 'x y']) {
          const { headers } = await api.refused(
            operation,
            { ...api.example(operation, 'real'), key },
            { status: 401, code: 'api.unauthorized' },
          )
          expect(headers.get('www-authenticate')).toBe('Bearer')
        }
        isDocumented(operation, 401)
      },
    )
  })

  it('403: with every scope but its own; its own alone is enough', async () => {
    await each(
      30,
      () => true,
      async (operation) => {
        const own = ApiScope.parse(operation['x-required-scope'])
        const others = ApiScope.options.filter((scope) => scope !== own)
        const { problem } = await api.refused(
          operation,
          { ...api.example(operation, 'real'), scopes: others },
          { status: 403, code: 'api.forbidden' },
        )
        expect(problem.detail).toContain(own)
        isDocumented(operation, 403)
        const { status } = await api.send({
          ...api.example(operation, 'unknown'),
          scopes: [own, ...z.array(ApiScope).parse(operation['x-further-scopes'] ?? [])],
        })
        // What hands on rights of its key asks for those, too.
        const isHandingOn = /Key$|Webhook$/.test(operation.operationId)
        expect([operation.operationId, status === 401 || (status === 403 && !isHandingOn)]).toEqual([
          operation.operationId,
          false,
        ])
      },
    )
  })

  it('404: what is not there', async () => {
    const hasName = ({ path }: Operation) => path.includes('{')
    // A webhook that is not there is removed already.
    const isAsked = (operation: Operation) => hasName(operation) && operation.operationId !== 'deleteWebhook'
    await each(20, isAsked, async (operation) => {
      const { status, body } = await api.send(api.example(operation, 'unknown'))
      expect([operation.operationId, status, body.code]).toEqual([
        operation.operationId,
        404,
        expect.stringMatching(/^\w+\.not_found$/),
      ])
      await api.refused(operation, api.example(operation, 'unknown'), { status: 404, code: String(body.code) })
      isDocumented(operation, 404)
    })
  })

  it('400: a body that is no JSON', async () => {
    await each(8, takesJson, async (operation) => {
      for (const body of ['{"email":', '', 'email=bob', '\u0000']) {
        await api.refused(
          operation,
          { ...api.example(operation, 'real'), body },
          { status: 400, code: 'api.bad_request' },
        )
      }
      isDocumented(operation, 400)
    })
  })

  it('400: a cursor that is not one of this list', async () => {
    await each(8, hasParameter('after'), async (operation) => {
      for (const after of ['xyz', '%00', 'WyJhIl0', "'%20OR%201=1"]) {
        const request = api.example(operation, 'real')
        await api.refused(
          operation,
          { ...request, path: `${request.path}?after=${after}` },
          { status: 400, code: 'api.bad_cursor' },
        )
      }
    })
  })

  it('405: a method that the address does not know, with those that it does', async () => {
    for (const [path, known] of Map.groupBy(api.operations, (operation) => operation.path)) {
      const methods = known.map(({ method }) => method)
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
        (one) => !methods.includes(one),
      )) {
        const [operation] = known
        if (operation === undefined) throw new Error(`${path} has no operation`)
        const { path: at } = api.example(operation, 'real')
        const { headers } = await api.refused(
          operation,
          { method, path: at },
          { status: 405, code: 'api.method_not_allowed' },
        )
        expect(new Set(headers.get('allow')?.split(', '))).toEqual(
          new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods),
        )
      }
    }
  })

  it('413: a body that is too large, before anybody asks for a key', async () => {
    const writes = ({ method }: Operation) => method !== 'GET'
    await each(15, writes, async (operation) => {
      const body = 'x'.repeat(operation.operationId === 'uploadList' ? 4_400_000 : 70_000)
      for (const key of [undefined, null])
        await api.refused(
          operation,
          { ...api.example(operation, 'real'), ...(key === null ? { key } : {}), body },
          { status: 413, code: 'api.too_large' },
        )
      if (operation.requestBody !== undefined) isDocumented(operation, 413)
    })
  })

  it('415: a body of another type, or that does not say what it is', async () => {
    const takesBody = ({ requestBody }: Operation) => requestBody !== undefined
    await each(9, takesBody, async (operation) => {
      // A form without a file is told so; whoever wants JSON takes no form at all.
      const forms = takesJson(operation) ? ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'] : []
      for (const type of ['application/xml', 'application/octet-stream', 'nonsense', '', ...forms])
        await api.refused(
          operation,
          { ...api.example(operation, 'real'), type },
          { status: 415, code: 'api.unsupported_media_type' },
        )
      isDocumented(operation, 415)
    })
  })

  it('422: what does not fit the contract, with the place and the reason', async () => {
    const long = { 'idempotency-key': 'k'.repeat(256) }
    const wrongs: readonly (readonly [number, (operation: Operation) => boolean, (request: Asked) => Asked, RegExp])[] =
      [
        [8, takesJson, (request) => ({ ...request, body: '{"nothing_known":[1]}' }), /./],
        [8, takesJson, (request) => ({ ...request, body: '[]' }), /./],
        [8, hasParameter('limit'), (request) => ({ ...request, path: `${request.path}?limit=0` }), /"limit"/],
        [15, hasParameter('idempotency-key'), (request) => ({ ...request, headers: long }), /"idempotency-key"/],
      ]
    for (const [least, about, spoil, place] of wrongs)
      await each(least, about, async (operation) => {
        const { problem } = await api.refused(operation, spoil(api.example(operation, 'real')), {
          status: 422,
          code: 'api.invalid',
        })
        expect(problem.errors?.length).toBeGreaterThan(0)
        expect(JSON.stringify(problem.errors)).toMatch(place)
        isDocumented(operation, 422)
      })
  })

  it('429: more than a key may ask in a minute, with when it may again', async () => {
    const ctx: Ctx = { ...tenant.ctx, settings: { ...tenant.ctx.settings, apiRequestsPerMinute: 2 } }
    await each(
      30,
      () => true,
      async (operation) => {
        const { secret: key } = await createApiKey(tenant.ctx, { label: 'busy', scopes: [] })
        const request = { ...api.example(operation, 'unknown'), key, ctx }
        expect([(await api.send(request)).status, (await api.send(request)).status]).toEqual([403, 403])
        const { headers } = await api.refused(operation, request, { status: 429, code: 'rate.too_many' })
        const seconds = Number(headers.get('retry-after'))
        expect(seconds).toBeGreaterThan(0)
        expect(seconds).toBeLessThanOrEqual(60)
        expect(headers.get('ratelimit-policy')).toBe('"key";q=2;w=60')
        expect(headers.get('ratelimit')).toBe(`"key";r=0;t=${seconds}`)
        isDocumented(operation, 429)
      },
    )
  })

  it('500 and 503: what is broken here, told to nobody', async () => {
    const failing = (error: Error): Ctx => ({
      ...tenant.ctx,
      table: { ...tenant.ctx.table, get: () => Promise.reject(error) },
    })
    await each(
      30,
      () => true,
      async (operation) => {
        const bug = await api.refused(
          operation,
          { ...api.example(operation, 'real'), ctx: failing(new TypeError('secret of ours')) },
          { status: 500, code: 'internal' },
        )
        expect(JSON.stringify(bug.problem)).not.toContain('secret')
        const away = await api.refused(
          operation,
          { ...api.example(operation, 'real'), ctx: failing(TableFailure.unavailable('The table does not answer.')) },
          { status: 503, code: 'table.unavailable' },
        )
        expect(away.headers.get('retry-after')).toBe('1')
      },
    )
  })
})

it('404: an address that is none', async () => {
  const [operation] = api.operations
  if (operation === undefined) throw new Error('there is no operation')
  for (const path of ['/v1/nothing', '/v1/', '/v1/events/a/b/c', '/v1/events/', '/v1/openapi.yaml'])
    await api.refused(operation, { method: 'GET', path }, { status: 404, code: 'api.not_found' })
})
