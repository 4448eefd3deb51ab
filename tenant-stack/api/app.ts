import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { LIST_BYTES_MAX } from '#shared/contracts/lists-api.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { ApiEnv } from './env.ts'
import { onError, problem } from './problem.ts'
import { answers } from './resources/answers.ts'
import { attendees } from './resources/attendees.ts'
import { eventChanges } from './resources/event-changes.ts'
import { events } from './resources/events.ts'
import { invitations } from './resources/invitations.ts'
import { keys } from './resources/keys.ts'
import { lists } from './resources/lists.ts'
import { proposals } from './resources/proposals.ts'
import { receivedMails } from './resources/received-mails.ts'
import { recounts } from './resources/recounts.ts'
import { sending } from './resources/sending.ts'
import { statistics } from './resources/statistics.ts'
import { suppressions } from './resources/suppressions.ts'
import { webhooks } from './resources/webhooks.ts'
import { validated } from './validated.ts'

/** No JSON body of the API is larger: one person, or a page of filters. */
const BODY_BYTES_MAX = 64 * 1024

/** A file beside some lines of form. */
const LIST_PATH = /^\/v1\/events\/[^/]+\/lists$/

function limited(maxSize: number, detail: string) {
  return bodyLimit({ maxSize, onError: (c) => problem(c, { status: 413, code: 'api.too_large', detail }) })
}

/** The tenant's API under `/v1`, for one context; `/v1/openapi.json` describes it (OpenAPI 3.1). */
export function createApi(ctx: Ctx): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).basePath('/v1')
  app.use(async (c, next) => {
    c.set('ctx', ctx)
    c.set('requestId', ctx.ids.newId('req'))
    await next()
    c.header('x-request-id', c.var.requestId)
    c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
  })
  const bounded = limited(BODY_BYTES_MAX, 'The body is larger than 64 KB.')
  const boundedList = limited(
    LIST_BYTES_MAX + BODY_BYTES_MAX,
    'A list is at most 4 MB: send it in parts, as several lists; who is in two of them is invited once.',
  )
  app.use((c, next) => (LIST_PATH.test(c.req.path) ? boundedList(c, next) : bounded(c, next)))
  app.onError(onError)
  app.notFound((c) =>
    problem(c, { status: 404, code: 'api.not_found', detail: 'There is no such address in this API.' }),
  )
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of the tenant, `cvk_…`; also taken in the header x-api-key.',
  })
  app.route('/', events)
  app.route('/', eventChanges)
  app.route('/', statistics)
  app.route('/', recounts)
  app.route('/', attendees)
  app.route('/', answers)
  app.route('/', proposals)
  app.route('/', invitations)
  app.route('/', lists)
  app.route('/', receivedMails)
  app.route('/', suppressions)
  app.route('/', sending)
  app.route('/', keys)
  app.route('/', webhooks)
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Convoke API', version: '1', description: `Calendar invites of ${ctx.settings.domainName}.` },
    servers: [{ url: ctx.settings.apiUrl.replace(/\/v1$/, '') }],
  })
  return app
}
