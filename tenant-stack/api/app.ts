import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { LIST_BYTES_MAX } from '#shared/contracts/lists-api.ts'
import { rateFields } from '#shared/rates/rate-fields.ts'
import { createRateLeases } from '#shared/rates/rate-leases.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { describeApi } from './describe-api.ts'
import type { ApiEnv } from './env.ts'
import { type Guards, guards as standingGuards } from './guards.ts'
import { refuseOtherMethods } from './other-methods.ts'
import { onError, problem } from './problem.ts'
import { type ReferenceScript, referencePage } from './reference.ts'
import { answers } from './resources/answers.ts'
import { attendees } from './resources/attendees.ts'
import { brand } from './resources/brand.ts'
import { calendarFiles } from './resources/calendar-files.ts'
import { erasures } from './resources/erasures.ts'
import { eventChanges } from './resources/event-changes.ts'
import { events } from './resources/events.ts'
import { personExports } from './resources/exports.ts'
import { invitations } from './resources/invitations.ts'
import { keys } from './resources/keys.ts'
import { lists } from './resources/lists.ts'
import { organizers } from './resources/organizers.ts'
import { proposals } from './resources/proposals.ts'
import { receivedMails } from './resources/received-mails.ts'
import { recounts } from './resources/recounts.ts'
import { reports } from './resources/reports.ts'
import { sending } from './resources/sending.ts'
import { sessions } from './resources/sessions.ts'
import { statistics } from './resources/statistics.ts'
import { suppressions } from './resources/suppressions.ts'
import { webhooks } from './resources/webhooks.ts'
import { validated } from './validated.ts'

/** No JSON body of the API is larger: one person, or a page of filters. */
const BODY_BYTES_MAX = 64 * 1024

const BASE_PATH = '/v1'

/** A file beside some lines of form. */
const LIST_PATH = /^\/v1\/events\/[^/]+\/lists$/

function limited(maxSize: number, detail: string) {
  return bodyLimit({ maxSize, onError: (c) => problem(c, { status: 413, code: 'api.too_large', detail }) })
}

export type ApiOptions = {
  readonly referenceScript?: ReferenceScript
  /** On the host of the console (`app.`), and where one host serves everything: there people come by the cookie of a session as well. */
  readonly takesSessions?: boolean
  readonly guards?: Guards
}

/**
 * The tenant's API under `/v1`, for one context; `/v1/openapi.json` describes it (OpenAPI 3.1), and `/v1/reference` shows that to people
 * where there is a script for the page.
 */
export function createApi(ctx: Ctx, options: ApiOptions = {}): OpenAPIHono<ApiEnv> {
  const { referenceScript, takesSessions = false, guards = standingGuards } = options
  const leases = createRateLeases()
  const app = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).basePath(BASE_PATH)
  app.use(async (c, next) => {
    c.set('ctx', ctx)
    c.set('requestId', ctx.ids.newId('req'))
    c.set('leases', leases)
    c.set('guards', guards)
    c.set('takesSessions', takesSessions)
    await next()
    const { taken, requestId } = c.var
    c.header('x-request-id', requestId)
    if (taken !== undefined) for (const [name, value] of Object.entries(rateFields([taken]))) c.header(name, value)
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
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
  app.route('/', events)
  app.route('/', eventChanges)
  app.route('/', calendarFiles)
  app.route('/', statistics)
  app.route('/', organizers)
  app.route('/', recounts)
  app.route('/', attendees)
  app.route('/', answers)
  app.route('/', proposals)
  app.route('/', invitations)
  app.route('/', lists)
  app.route('/', reports)
  app.route('/', receivedMails)
  app.route('/', suppressions)
  app.route('/', sending)
  app.route('/', keys)
  app.route('/', sessions)
  app.route('/', webhooks)
  app.route('/', brand)
  app.route('/', erasures)
  app.route('/', personExports)
  app.get('/openapi.json', (c) => c.json(describeApi(app, ctx)))
  if (referenceScript !== undefined) app.route('/', referencePage(ctx, referenceScript))
  refuseOtherMethods(app, BASE_PATH)
  return app
}
