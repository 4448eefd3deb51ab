import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type Operation, operationsOf, TenantDocument } from '#test/harness/openapi/document.ts'
import { type GeneratedClient, generateClient } from '#test/harness/openapi/generated-client.ts'
import { startProduct, type TestProduct } from '#test/harness/product/start-product.ts'
import { readSample } from '#test/harness/samples.ts'

type Line = { readonly row: number; readonly route: string; readonly says: string; readonly status: number }

/** The nine calls that the API began with: what a program says to the function that is generated of the route, and what it is answered. */
const NINE: readonly Line[] = [
  { row: 1, route: 'GET /v1/events/{eventId}', says: '{ path: { eventId } }', status: 200 },
  { row: 2, route: 'GET /v1/events/{eventId}/statistics', says: '{ path: { eventId } }', status: 200 },
  {
    row: 3,
    route: 'POST /v1/events/{eventId}/invitations',
    says: "{ path: { eventId }, body: { email: 'bob@example.org', name: 'Bob' }, headers: { 'idempotency-key': 'bob' } }",
    status: 202,
  },
  { row: 4, route: 'POST /v1/events/{eventId}/reports', says: '{ path: { eventId } }', status: 202 },
  {
    row: 5,
    route: 'GET /v1/events/{eventId}/attendees',
    says: '{ path: { eventId }, query: { limit: 10 } }',
    status: 200,
  },
  {
    row: 6,
    route: 'GET /v1/organizers/{email}/events',
    says: '{ path: { email }, query: { limit: 10 } }',
    status: 200,
  },
  { row: 7, route: 'GET /v1/organizers/{email}/statistics', says: '{ path: { email } }', status: 200 },
  { row: 8, route: 'GET /v1/events', says: "{ query: { organizer: email, status: 'confirmed' } }", status: 200 },
  { row: 9, route: 'GET /v1/statistics', says: '{}', status: 200 },
]

/** What has grown since, as far as programs of customers use it most. */
const MORE: readonly Line[] = [
  {
    row: 10,
    route: 'POST /v1/events',
    says: "{ body: { organizer: email, subject: 'By the client', start: { date: '2030-04-01' } } }",
    status: 201,
  },
  {
    row: 11,
    route: 'PATCH /v1/events/{eventId}',
    says: "{ path: { eventId }, body: { location: 'Room 5' } }",
    status: 200,
  },
  {
    row: 12,
    route: 'POST /v1/events/{eventId}/lists',
    says: "{ path: { eventId }, body: { file: new File(['email\\ncarol@example.org\\n'], 'guests.csv') } }",
    status: 202,
  },
  { row: 13, route: 'GET /v1/events/{eventId}/lists', says: '{ path: { eventId } }', status: 200 },
  { row: 14, route: 'GET /v1/received-mails', says: '{}', status: 200 },
  { row: 15, route: 'POST /v1/suppressions', says: "{ body: { email: 'dora@example.org' } }", status: 201 },
  { row: 16, route: 'DELETE /v1/events/{eventId}', says: '{ path: { eventId } }', status: 200 },
]

const Answer = z.object({
  data: z.unknown().optional(),
  error: z.unknown().optional(),
  response: z.instanceof(Response),
})
const Calls = z.object({
  asked: z.function({ input: [z.string(), z.string()], output: z.void() }),
  calls: z.record(
    z.string(),
    z.function({ input: [z.object({ eventId: z.string(), email: z.string() })], output: z.promise(Answer) }),
  ),
})

let product: TestProduct
let client: GeneratedClient
let operations: ReadonlyMap<string, Operation>
let program: z.infer<typeof Calls>
const things = { eventId: '', email: 'ana.diaz@example.com' }

beforeAll(async () => {
  product = await startProduct()
  await product.sendMail({ raw: readSample('google-single-timed'), to: 'create@demo.localhost' })
  await product.waitForOutbox(({ kind }) => kind === 'Created')
  things.eventId = /evt_[a-z0-9]{26}/.exec(JSON.stringify((await product.api('/received-mails')).body))?.[0] ?? ''
  const document = z.record(z.string(), z.unknown()).parse(await (await product.page('/v1/openapi.json')).json())
  operations = new Map(operationsOf(TenantDocument.parse(document)).map((one) => [`${one.method} ${one.path}`, one]))
  client = await generateClient(document)
  await client.add('program.ts', programOf([...NINE, ...MORE]))
  program = Calls.parse(await client.load('program.ts'))
  const key = (await readFile(join(product.dataFolder, 'demo-api-key.txt'), 'utf8')).trim()
  program.asked((await product.running()).baseUrl, key)
})
afterAll(async () => {
  await client.remove()
  await product[Symbol.asyncDispose]()
})

const nameOf = ({ route }: Line): string => operations.get(route)?.operationId ?? ''

/** What a customer would write: no type of ours, no cast. */
function programOf(lines: readonly Line[]): string {
  const names = [...lines.map(nameOf), 'getEvent'].filter((name, at, all) => all.indexOf(name) === at)
  return [
    "import { client } from './client.gen.ts'",
    `import { ${names.join(', ')} } from './sdk.gen.ts'`,
    'export const asked = (baseUrl: string, auth: string): void => void client.setConfig({ baseUrl, auth })',
    'type Things = { eventId: string; email: string }',
    'export const calls = {',
    ...lines.map((line) => `  '${line.route}': ({ eventId, email }: Things) => ${nameOf(line)}(${line.says}),`),
    '}',
    'export async function problemOf(eventId: string): Promise<string> {',
    '  const { data, error } = await getEvent({ path: { eventId } })',
    "  return error === undefined ? data.subject : [error.status, error.code, error.request_id].join(' ')",
    '}',
    '',
  ].join('\n')
}

describe('a client that is generated of the API’s description', () => {
  it('is sound under a strict compiler, with a program that uses it', () => {
    expect(client.typeFaults()).toEqual([])
  })

  it('would be told of a call that the description does not allow', async () => {
    await client.add(
      'wrong.ts',
      "import { createInvitation } from './sdk.gen.ts'\nvoid createInvitation({ path: { eventId: 1 }, body: {} })\n",
    )
    expect(client.typeFaults()).toEqual([expect.stringContaining('wrong.ts:2'), expect.stringContaining('wrong.ts:2')])
    await client.add('wrong.ts', '')
  })

  it('knows every one of the nine, and what has grown since', () => {
    expect([...NINE, ...MORE].filter(({ route }) => !operations.has(route))).toEqual([])
  })

  it('performs them over HTTP, with answers as they are described', async () => {
    for (const { row, route, status } of [...NINE, ...MORE]) {
      const { data, error, response } = (await program.calls[route]?.(things)) ?? {}
      expect({ row, route, status: response?.status, error }).toEqual({ row, route, status, error: undefined })
      expect(JSON.stringify(data)).toMatch(/^\{"/)
    }
    await product.waitForOutbox(({ kind, to }) => kind === 'Invitation' && to === 'bob@example.org')
  })

  it('is told a refusal as the problem that is described', async () => {
    const { problemOf } = z
      .object({ problemOf: z.function({ input: [z.string()], output: z.promise(z.string()) }) })
      .parse(await client.load('program.ts'))
    expect(await problemOf(`evt_${'0'.repeat(26)}`)).toMatch(/^404 event\.not_found req_[a-z0-9]{26}$/)
  })
})
