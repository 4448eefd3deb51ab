import { OpenAPIHono } from '@hono/zod-openapi'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createRateLeases } from '#shared/rates/rate-leases.ts'
import { accountPages } from './account-pages/routes.ts'
import { systemCtx } from './caller.ts'
import type { ApiEnv, ControlDeps } from './env.ts'
import { guards as allGuards, type Guards } from './guards.ts'
import { onError, problem } from './problem.ts'
import { API_LIMITS, type ApiLimits } from './rates/api-limits.ts'
import { takeAddressRate } from './rates/take-rates.ts'
import { accounts } from './resources/accounts.ts'
import { audit } from './resources/audit.ts'
import { billing } from './resources/billing.ts'
import { cells } from './resources/cells.ts'
import { claims } from './resources/claims.ts'
import { domains } from './resources/domains.ts'
import { tenantExports } from './resources/exports.ts'
import { handOvers } from './resources/hand-overs.ts'
import { impersonations } from './resources/impersonations.ts'
import { keys } from './resources/keys.ts'
import { legalHolds } from './resources/legal-holds.ts'
import { licenceDecisions } from './resources/licence-decisions.ts'
import { licences } from './resources/licences.ts'
import { licensees } from './resources/licensees.ts'
import { me } from './resources/me.ts'
import { passkeys } from './resources/passkeys.ts'
import { people } from './resources/people.ts'
import { refunds } from './resources/refunds.ts'
import { releases } from './resources/releases.ts'
import { runs } from './resources/runs.ts'
import { sessions } from './resources/sessions.ts'
import { tenants } from './resources/tenants.ts'
import { passkeyRoutes } from './sign-in/passkey-routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { signedInRoutes } from './sign-in/signed-in-routes.ts'
import { validated } from './validated.ts'
import { webhooks } from './webhooks.ts'

const RESOURCES = [
  me,
  sessions,
  passkeys,
  people,
  keys,
  licensees,
  billing,
  licences,
  licenceDecisions,
  tenants,
  legalHolds,
  runs,
  claims,
  accounts,
  tenantExports,
  domains,
  handOvers,
  cells,
  refunds,
  releases,
  impersonations,
  audit,
]

/** No body is larger: a release's manifest is the largest. */
const BODY_BYTES_MAX = 64 * 1024

/** The control plane over HTTP: `/v1` (OpenAPI 3.1 at `/v1/openapi.json`), the sign-in pages and the Stripe webhook. */
export function createControlApi(
  deps: ControlDeps,
  guards: Guards = allGuards,
  limits: ApiLimits = API_LIMITS,
): Hono<ApiEnv> {
  const rates = { limits, leases: createRateLeases() }
  const app = new Hono<ApiEnv>()
  app.use(async (c, next) => {
    c.set('deps', deps)
    c.set('guards', guards)
    c.set('rates', rates)
    c.set('requestId', deps.newRequestId())
    await next()
    c.header('x-request-id', c.var.requestId)
    c.header('x-content-type-options', 'nosniff')
    if (systemCtx(c).settings.publicUrl.startsWith('https:')) c.header('strict-transport-security', 'max-age=31536000')
  })
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (c) => problem(c, { status: 413, code: 'api.too_large', detail: 'The body is larger than 64 KB.' }),
    }),
  )
  app.onError(onError)
  app.notFound((c) => problem(c, { status: 404, code: 'api.not_found', detail: 'There is no such address here.' }))
  app.route('/v1', v1())
  app.route('/', webhooks)
  app.route('/', signInRoutes)
  app.route('/', passkeyRoutes)
  app.route('/', signedInRoutes)
  app.route('/', accountPages)
  return app
}

function v1(): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  app.use(async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
  })
  const { openAPIRegistry } = app
  openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'A key: `cvv_…` the vendor’s, `cvl_…` a licensee’s; also taken in the header x-api-key.',
  })
  openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-convoke-session',
    description: 'Of who has signed in; what changes anything must come from a page of ours.',
  })
  for (const resource of RESOURCES) app.route('/', resource)
  app.use('/openapi.json', async (c, next) => {
    await takeAddressRate(c)
    await next()
  })
  app.doc31('/openapi.json', (c) => ({
    openapi: '3.1.0',
    info: {
      title: 'Convoke control plane',
      version: '1',
      description:
        'Licences, tenants, domains, people. `RateLimit-Policy` and `RateLimit` say how many requests a minute a key, a person, a licensee or an address has and what is left; above that 429 with `Retry-After`.',
    },
    servers: [{ url: systemCtx(c).settings.publicUrl + '/v1' }],
  }))
  return app
}
