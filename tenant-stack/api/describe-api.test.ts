import { beforeAll, describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import { type Operation, operationsOf, TenantDocument } from '#test/harness/openapi/document.ts'
import { faultsOf } from '#test/harness/openapi/faults-of.ts'
import { createTestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createApi } from './app.ts'

let document: z.infer<typeof TenantDocument>
let operations: readonly Operation[]

beforeAll(async () => {
  const tenant = await createTestTenant()
  document = TenantDocument.parse(await (await createApi(tenant.ctx).request('/v1/openapi.json')).json())
  operations = operationsOf(document)
  await tenant.close()
})

/** What operations lack, by name: an empty list when none does. */
function lacking(lacks: (operation: Operation) => string | undefined): readonly string[] {
  return operations.flatMap((operation) => {
    const what = lacks(operation)
    return what === undefined ? [] : [`${operation.operationId}: ${what}`]
  })
}

const problemsOf = ({ responses }: Operation) => Object.entries(responses).filter(([status]) => Number(status) >= 400)
const answersOf = ({ responses }: Operation) => Object.entries(responses).filter(([status]) => Number(status) < 400)
const missing = (there: Iterable<string>, wanted: readonly string[]) => {
  const found = new Set(there)
  const absent = wanted.filter((name) => !found.has(name))
  return absent.length === 0 ? undefined : `no ${absent.join(', ')}`
}

describe('the API’s description', () => {
  it('has no fault that validators of others know', async () => {
    expect(await faultsOf(document)).toEqual([])
  })

  it('would not pass them with a fault', async () => {
    const [[path, methods] = ['', {}]] = Object.entries(document.paths)
    const [[method, operation] = ['', undefined]] = Object.entries(methods)
    const withPath = (changed: object) => ({
      ...document,
      paths: { ...document.paths, [path]: { ...methods, [method]: { ...operation, ...changed } } },
    })
    const ok = { description: 'As it is.', content: { 'application/json': { schema: { type: 'string' }, example: 7 } } }
    expect(await faultsOf(withPath({ parameters: [{ name: 'x', in: 'nowhere' }] }))).not.toEqual([])
    expect(await faultsOf(withPath({ responses: { 200: ok, 404: ok } }))).toEqual(
      expect.arrayContaining([expect.stringContaining('example')]),
    )
    expect(await faultsOf(withPath({ security: [{ nothing: [] }] }))).not.toEqual([])
    expect(await faultsOf({ ...document, info: {} })).not.toEqual([])
  })

  it('names each operation once, and says what it is for', () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    expect(operations.length).toBeGreaterThan(30)
    const tags = document.tags.map(({ name }) => name)
    expect(
      lacking(({ summary, tags: own }) =>
        summary.length < 10 ? 'summary' : missing(tags, own.length === 1 ? own : ['one tag']),
      ),
    ).toEqual([])
  })

  it('says which scope each operation wants, and what each scope is for', () => {
    expect(
      lacking(({ security, 'x-required-scope': scope, 'x-further-scopes': more = [] }) =>
        ApiScope.safeParse(scope).success && JSON.stringify(security) === JSON.stringify([{ key: [scope, ...more] }])
          ? undefined
          : 'its one scope',
      ),
    ).toEqual([])
    expect(Object.keys(document.components.securitySchemes.key['x-scopes']).toSorted()).toEqual(
      ApiScope.options.toSorted(),
    )
  })

  it('says every refusal as a problem, with an example', () => {
    const always = ['400', '401', '403', '404', '422', '429']
    expect(
      lacking(({ responses, requestBody }) =>
        missing(Object.keys(responses), requestBody === undefined ? always : [...always, '413', '415']),
      ),
    ).toEqual([])
    const isProblem = (content: Operation['responses'][string]['content']) =>
      JSON.stringify(Object.values(content).map(({ schema }) => schema)) === '[{"$ref":"#/components/schemas/Problem"}]'
    expect(
      lacking((operation) =>
        problemsOf(operation).every(
          ([status, { content }]) =>
            isProblem(content) && Object(content['application/problem+json']?.example).status === Number(status),
        )
          ? undefined
          : 'a problem with an example of its status',
      ),
    ).toEqual([])
  })

  it('says the header fields of limits and repetitions', () => {
    const rates = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy']
    const named = ({ headers }: Operation['responses'][string]) => Object.keys(headers)
    expect(
      lacking((operation) => answersOf(operation).flatMap(([, answer]) => missing(named(answer), rates) ?? [])[0]),
    ).toEqual([])
    expect(
      lacking(({ responses }) => {
        const refused = responses[429]
        return refused === undefined ? '429' : missing(named(refused), [...rates, 'Retry-After'])
      }),
    ).toEqual([])
    const repeatable = ({ parameters }: Operation) => parameters.some(({ name }) => name === 'idempotency-key')
    expect(
      lacking((operation) => (operation.method === 'POST' && !repeatable(operation) ? 'Idempotency-Key' : undefined)),
    ).toEqual([])
    for (const { description, example } of Object.values(document.components.headers))
      expect([description === '', example]).not.toContain(undefined)
  })

  it('lists by pages', () => {
    const isList = ({ responses }: Operation) => JSON.stringify(responses[200]?.content ?? {}).includes('"has_more"')
    expect(operations.filter(isList).length).toBeGreaterThan(7)
    expect(
      lacking((operation) =>
        // There are ten webhooks at most, and a person's sessions are few.
        !['listWebhooks', 'listSessions'].includes(operation.operationId) &&
        (isList(operation) || operation.operationId.startsWith('list'))
          ? missing(
              [...operation.parameters.map(({ name }) => name), ...(isList(operation) ? ['pages'] : [])],
              ['limit', 'after', 'pages'],
            )
          : undefined,
      ),
    ).toEqual([])
  })

  it('shows an example of every body', () => {
    expect(
      lacking(({ requestBody, responses }) => {
        const bodies = [requestBody?.content ?? {}, ...Object.values(responses).map(({ content }) => content)]
        return bodies.flatMap(Object.values).every((media) => Object(media).example !== undefined)
          ? undefined
          : 'example'
      }),
    ).toEqual([])
  })
})
