import type { OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { answerOf, HEADERS, problemOf } from './described-answers.ts'
import type { ApiEnv } from './env.ts'
import { EXAMPLES } from './examples.ts'
import { FILE_EXAMPLES } from './file-examples.ts'
import { SCOPE_MEANINGS, TAGS } from './scopes.ts'

const Reference = z.looseObject({ $ref: z.string().optional(), example: z.unknown().optional() })
const Media = z.looseObject({
  schema: Reference.extend({
    properties: z.looseObject({ data: z.looseObject({ items: Reference }).optional() }).optional(),
  }),
})
const Content = z.record(z.string(), Media)
const Parameter = z.looseObject({ name: z.string(), description: z.string().optional() })
const Operation = z.looseObject({
  security: z.tuple([z.object({ key: z.tuple([ApiScope], ApiScope) })]),
  requestBody: z.looseObject({ content: Content }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string(), content: Content.optional() })),
  description: z.string().optional(),
  parameters: z.array(Parameter).optional(),
})
type Operation = z.infer<typeof Operation>
const Described = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({ example: z.unknown().optional() })) }),
})
type Schemas = z.infer<typeof Described>['components']['schemas']

/** Routes of an API as OpenAPI 3.1 names them. */
type Routes = Pick<OpenAPIHono<ApiEnv>, 'getOpenAPI31Document'>

/**
 * The API's description (OpenAPI 3.1): what the routes say of themselves, and what holds of every operation because the API as a whole does
 * it. Each names its scopes as roles of its security requirement (OpenAPI 3.1 §4.8.30), and what it is about as `x-required-scope`.
 */
export function describeApi(api: Routes, { settings }: Pick<Ctx, 'settings'>) {
  const { paths, components, ...rest } = Described.parse(
    api.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 'Convoke API', version: '1', description: introduction(settings) },
      servers: [{ url: settings.apiUrl.replace(/\/v1$/, '') }],
    }),
  )
  const operations = mapped(paths, (methods) =>
    mapped(methods, (operation) => whole(operation, components.schemas, settings.apiRequestsPerMinute)),
  )
  const used = new Set(
    Object.values(operations).flatMap((methods) => Object.values(methods).flatMap(({ tags }) => tags)),
  )
  return {
    ...rest,
    tags: Object.values(TAGS).filter(({ name }) => used.has(name)),
    paths: operations,
    components: { ...components, headers: HEADERS, securitySchemes: { key: KEY } },
  }
}

const KEY = {
  type: 'http',
  scheme: 'bearer',
  description: 'A key of the tenant, `cvk_…`; also taken in the header x-api-key.',
  'x-scopes': SCOPE_MEANINGS,
}

function introduction({ domainName, apiRequestsPerMinute }: Ctx['settings']): string {
  return [
    `Calendar invites of ${domainName}.`,
    'Every refusal is `application/problem+json` (RFC 9457) with a `code` for programs, a `detail` for people, and the `request_id` to ask us by.',
    `A key may make ${apiRequestsPerMinute} requests a minute: \`RateLimit-Policy\` and \`RateLimit\` say so and what is left, and above that 429 says in \`Retry-After\` how many seconds to wait.`,
    'A POST with an `Idempotency-Key` may be sent again for 24 hours: it is done once, and answered alike.',
    'Lists come in pages: `limit`, then `after` with the `next_cursor` of the page before, while `has_more` is true.',
  ].join('\n\n')
}

function whole(operation: Operation, schemas: Schemas, perMinute: number) {
  const [{ key }] = operation.security
  const [scope, ...more] = key
  const { requestBody, responses } = operation
  const statuses = ['400', ...(requestBody === undefined ? [] : ['413', '415']), '429']
  const given = new Set([...Object.keys(responses), ...statuses])
  const isRepeatable = operation.parameters?.some(({ name }) => name === 'idempotency-key') === true
  return {
    ...operation,
    tags: [tagOf(scope)],
    'x-required-scope': scope,
    // What a key needs beside it.
    ...(more.length === 0 ? {} : { 'x-further-scopes': more }),
    description: [operation.description, `Needs a key with ${key.map((one) => `\`${one}\``).join(' and ')}.`]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    parameters: operation.parameters?.map(described),
    ...(requestBody === undefined
      ? {}
      : { requestBody: { ...requestBody, content: exemplified(requestBody.content, schemas) } }),
    responses: Object.fromEntries(
      [...given].toSorted().map((status) => [
        status,
        Number(status) >= 400
          ? problemOf(status, responses[status]?.description, perMinute)
          : answerOf({
              ...responses[status],
              ...contentOf(exemplified(responses[status]?.content, schemas)),
              isRepeatable,
            }),
      ]),
    ),
  }
}

/** What a parameter is for, where it is the same in every operation. */
const MEANINGS: Readonly<Record<string, string>> = {
  'idempotency-key':
    'Any text of yours that names this request: sent again with it, it is done once and answered alike for 24 hours.',
  limit: 'Most things in one page.',
  after: '`next_cursor` of the page before.',
  email: 'Address of the organizer.',
}

function described({ description, ...parameter }: z.infer<typeof Parameter>) {
  const meaning = description ?? MEANINGS[parameter.name]
  return { ...parameter, ...(meaning === undefined ? {} : { description: meaning }) }
}

/** `events:read` stands under Events; a scope that has no tag yet under its own word. */
function tagOf(scope: ApiScope): string {
  const about = scope.slice(0, scope.indexOf(':'))
  return TAGS[about]?.name ?? about
}

function contentOf(content: z.infer<typeof Content> | undefined) {
  return content === undefined ? {} : { content }
}

function exemplified<T extends z.infer<typeof Content> | undefined>(content: T, schemas: Schemas) {
  return content === undefined
    ? undefined
    : mapped(content, (media, type) => ({ ...media, ...exampleOf(media, type, schemas) }))
}

/** An example of a body: its schema's, or a page with one thing in it. */
function exampleOf({ schema }: z.infer<typeof Media>, type: string, schemas: Schemas): { readonly example?: unknown } {
  const one = ({ $ref = '' }: z.infer<typeof Reference>): unknown => {
    const name = $ref.slice($ref.lastIndexOf('/') + 1)
    return EXAMPLES[name] ?? schemas[name]?.example
  }
  const items = schema.properties?.data?.items
  const inPage = items === undefined ? undefined : one(items)
  const example = inPage === undefined ? (one(schema) ?? FILE_EXAMPLES[type]) : { data: [inPage], has_more: false }
  return example === undefined ? {} : { example }
}

function mapped<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}
