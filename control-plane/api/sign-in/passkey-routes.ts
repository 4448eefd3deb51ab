import { type Context, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { findMembership } from '#control-plane/core/person/membership-store.ts'
import { listPasskeys } from '#control-plane/core/person/passkey-store.ts'
import { findSession } from '#control-plane/core/person/session-store.ts'
import { PasskeyChangeBody } from '#shared/contracts/control-api.ts'
import { limitRate } from '#shared/rates/limit-rate.ts'
import { sourceNetworkOf } from '#shared/runtime/source-network.ts'
import { systemCtx } from '../caller.ts'
import type { ApiEnv } from '../env.ts'
import { ApiFailure } from '../problem.ts'
import { jsonOf } from './body-of.ts'
import { callerHeaders } from './caller-headers.ts'
import { sessionTokenOf } from './cookies.ts'
import { PASSKEY_BY_CALLER } from './limits.ts'

/** WebAuthn Level 3, §5.1.8: AuthenticationResponseJSON. */
const UseAnswer = z.object({
  response: z.object({
    id: z.string(),
    rawId: z.string(),
    type: z.literal('public-key'),
    clientExtensionResults: z.looseObject({}),
    authenticatorAttachment: z.enum(['platform', 'cross-platform']).exactOptional(),
    response: z.object({
      clientDataJSON: z.string(),
      authenticatorData: z.string(),
      signature: z.string(),
      userHandle: z.string().exactOptional(),
    }),
  }),
})
/** RegistrationResponseJSON, as the verifier reads it. */
const AddAnswer = z.object({
  name: PasskeyChangeBody.shape.name.exactOptional(),
  response: z.looseObject({ id: z.string(), response: z.looseObject({}) }),
})

const limited = createMiddleware<ApiEnv>(async (c, next) => {
  await limitRate(systemCtx(c), PASSKEY_BY_CALLER, sourceNetworkOf(c.var.deps.ipAddressOf(c)))
  await next()
})

/** Passkey ceremonies (WebAuthn): each makes a challenge first, which is used up by its answer. Behind `fromOwnPage`. */
export const passkeyRoutes = new Hono<ApiEnv>()
  .use('/sign-in/passkey/*', limited)
  .post('/sign-in/passkey/use-options', async (c) => {
    const { api, headers } = await ceremony(c)
    const response = passed(await api.generatePasskeyAuthenticationOptions({ headers, asResponse: true }))
    const options = z.looseObject({}).parse(await response.json())
    return withCookiesOf(response, { ...options, userVerification: 'required' })
  })
  .post('/sign-in/passkey/use', async (c) => {
    const body = await jsonOf(c, UseAnswer)
    const { api, headers } = await ceremony(c)
    const response = await api.verifyPasskeyAuthentication({ headers, body, asResponse: true })
    return said(passed(response))
  })
  .post('/sign-in/passkey/add-options', async (c) => {
    await mayAdd(c)
    const { api, headers } = await ceremony(c)
    return passed(await api.generatePasskeyRegistrationOptions({ headers, asResponse: true }))
  })
  .post('/sign-in/passkey/add', async (c) => {
    const body = await jsonOf(c, AddAnswer)
    await mayAdd(c)
    const { api, headers } = await ceremony(c)
    const response = await api.verifyPasskeyRegistration({ headers, body, asResponse: true })
    return said(passed(response))
  })

/** A mailed link lets one of the vendor's people add his first passkey and no more: else whoever reads his mail adds himself. */
async function mayAdd(c: Context<ApiEnv>): Promise<void> {
  const ctx = systemCtx(c)
  const token = sessionTokenOf(c)
  const session = token === undefined ? undefined : await findSession(ctx, token)
  if (session === undefined) throw ApiFailure.unauthorized('Sign in first.')
  const { deps } = c.var
  if (deps.signIn.vendorSignsInBy !== 'passkey' || session.signedInBy === 'passkey') return
  const { personId } = session
  if ((await findMembership(ctx, { kind: 'vendor' }, personId)) === undefined) return
  if ((await listPasskeys(ctx, personId)).length > 0)
    throw ApiFailure.passkey_required(`Passkey required: sign in with yours at ${ctx.settings.publicUrl}/sign-in.`)
}

async function ceremony(c: Context<ApiEnv>) {
  const ctx = systemCtx(c)
  const { passkeyAuth } = await import('./passkey-auth.ts')
  const headers = callerHeaders(ctx, {
    cookie: c.req.header('cookie') ?? '',
    origin: new URL(ctx.settings.publicUrl).origin,
  })
  return { api: passkeyAuth(ctx, c.var.deps.signIn).api, headers }
}

/** Whatever was wrong with an answer, the person learns only that it was refused. */
function passed(response: Response): Response {
  if (response.ok) return response
  throw ApiFailure.unauthorized('The passkey was refused.')
}

/** Cookies go out, rows stay in: better-auth answers with the session's token. */
function said(response: Response): Response {
  return withCookiesOf(response, { done: true })
}

function withCookiesOf(response: Response, body: Readonly<Record<string, unknown>>): Response {
  const answer = Response.json(body)
  for (const cookie of response.headers.getSetCookie()) answer.headers.append('set-cookie', cookie)
  return answer
}
