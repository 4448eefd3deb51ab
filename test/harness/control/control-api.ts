import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import * as z from 'zod'
import { createControlApi } from '#control-plane/api/app.ts'
import type { ControlCtx, ControlDeps } from '#control-plane/api/env.ts'
import { guards as allGuards } from '#control-plane/api/guards.ts'
import type { ApiLimits } from '#control-plane/api/rates/api-limits.ts'
import { createStripeDouble, type StripeDouble } from '#control-plane/billing/embedded/stripe-double.ts'
import { openStripe } from '#control-plane/billing/open-stripe.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { mintControlKey } from '#control-plane/core/control-key/mint-key.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { addMember } from '#control-plane/core/person/invite-person.ts'
import type { Organization, Role } from '#control-plane/core/person/organization.ts'
import { newSessionWrites, SESSION_SECONDS, type Session, sessionIdOf } from '#control-plane/core/person/session.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { createTestCloud } from '../cloud/simulated-cloud.ts'
import { type ControlPlaneInMemory, controlPlaneInMemory } from './control-plane.ts'
import { engineCtx } from './engine-ctx.ts'

export const OWN_ORIGIN = 'http://localhost:8026'
export const WEBHOOK_SECRET = 'whsec_of_the_tests'

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Empty for what is not JSON. */
  readonly body: Readonly<Record<string, unknown>>
}

type Call = {
  readonly method?: string
  readonly key?: string
  readonly cookie?: string
  readonly body?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly ipAddress?: string
}

export type ControlApiInMemory = {
  readonly plane: ControlPlaneInMemory
  /** What the sign-in waited for, in milliseconds. */
  readonly pauses: number[]
  /** Answers for Stripe; its webhooks come to the API when it ticks. */
  readonly stripe: StripeDouble
  /** The engine beside it, on the same rows. */
  readonly engine: () => Promise<ProvisioningCtx>
  readonly call: (path: string, init?: Call) => Promise<Answer>
  readonly licensee: (name: string) => Promise<Organization & { readonly licenseeId: string }>
  readonly key: (organization: Organization, role: Role) => Promise<string>
  readonly person: (
    organization: Organization,
    role: Role,
    email?: string,
  ) => Promise<{ readonly personId: string; readonly cookie: string; readonly session: Session }>
  readonly close: () => Promise<void>
}

/** The control plane's API on a database in memory, with people and keys made at need. */
export async function controlApiInMemory(
  options: {
    readonly publicUrl?: string
    readonly guards?: Partial<typeof allGuards>
    readonly limits?: ApiLimits
    readonly vendorSignsInBy?: ControlDeps['signIn']['vendorSignsInBy']
    /** What the next request finds instead of the plane's own ports. */
    readonly portsNow?: () => Partial<Pick<Ctx, 'table' | 'queues' | 'mailer'>>
  } = {},
): Promise<ControlApiInMemory> {
  const plane = await controlPlaneInMemory()
  const pauses: number[] = []
  const publicUrl = options.publicUrl ?? OWN_ORIGIN
  const stripe = createStripeDouble({
    ...plane.platform,
    table: plane.platform.tableOf('stripe'),
    webhook: { url: `${OWN_ORIGIN}/webhooks/stripe`, secret: WEBHOOK_SECRET },
    post: async (url, headers, body) => (await app.request(url, { method: 'POST', headers, body })).status,
  })
  const world = outside(pauses, stripe)
  const deps: ControlDeps = {
    ctxFor: ({ actor, scope, caller }) => {
      const ctx = plane.ctxOf({ actor, scope })
      return { ...ctx, ...world, ...options.portsNow?.(), caller, settings: { ...ctx.settings, publicUrl } }
    },
    signIn: {
      secret: 'a secret of the tests that is long enough',
      vendorSignsInBy: options.vendorSignsInBy ?? 'passkey',
    },
    places: { regions: ['us-east-1', 'eu-west-1'], allowsReservedNames: true },
    consoleUrlOf: ({ domainName }) => `https://app.${domainName}`,
    newRequestId: () => plane.platform.ids.newId('req'),
    ipAddressOf: (c) => c.req.header('x-test-address'),
  }
  const app = createControlApi(deps, { ...allGuards, ...options.guards }, options.limits)
  const ctx = plane.ctxOf()
  const people: Organization[] = []

  return {
    plane,
    pauses,
    stripe,
    async engine() {
      const { cloud } = await createTestCloud({ platform: plane.platform })
      return engineCtx(plane.ctxOf(), { dns: world.dns, cloud })
    },
    async call(path, init = {}) {
      const response = await app.request(`${publicUrl}${path}`, requestOf(init, publicUrl))
      const text = await response.text()
      const isJson = /^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '')
      const body = isJson && text !== '' ? z.record(z.string(), z.unknown()).parse(JSON.parse(text)) : {}
      return { status: response.status, headers: response.headers, text, body }
    },
    async licensee(name) {
      const { licenseeId } = await registerLicensee(ctx, { name, billingEmail: 'pay@example.com' })
      return { kind: 'licensee', licenseeId }
    },
    key: async (organization, role) =>
      (await mintControlKey(ctx, { organization, role, label: 'test', by: 'vendor_admin' })).secret,
    async person(organization, role, email = `person-${people.push(organization)}@example.com`) {
      const { personId, organizationName } = await addMember(ctx, { organization, email, name: 'Ann', role })
      const token = createHash('sha256').update(`${personId} ${organizationName}`).digest('hex').slice(0, 32)
      const tokenSha256 = ctx.sha256(token)
      const session: Session = {
        sessionId: sessionIdOf(ctx, tokenSha256),
        tokenSha256,
        personId,
        createdAt: ctx.clock.now(),
        endsAt: ctx.clock.now() + SESSION_SECONDS * 1000,
        signedInBy: 'passkey',
        organizationName,
      }
      await ctx.table.transact(newSessionWrites(session))
      return { personId, session, cookie: `convoke-session=${token}.unread` }
    },
    close: () => plane.platform.close(),
  }
}

const signingKey = generateKeyPairSync('ed25519')

/** Public half of the key that signs hand-overs here. */
export const publicKey = signingKey.publicKey

/** What the API meets besides rows and queues: nothing answers for DNS. */
function outside(pauses: number[], double: StripeDouble): Omit<ControlCtx, keyof Ctx> {
  const signed = (text: string) => ({
    kid: 'test',
    signature: sign(null, Buffer.from(text), signingKey.privateKey).toString('base64url'),
  })
  return {
    licenceSettings: {
      graceDays: 14,
      refundDays: 14,
      vendorEmail: 'vendor@example.com',
      priceCents: 99_500,
      currency: 'usd',
    },
    handOverSigner: { sign: signed },
    stripe: openStripe({
      secretKey: 'sk_test_harness',
      baseUrl: 'http://127.0.0.1',
      fetch: (input, init) => double.fetch(new Request(input, init)),
    }),
    stripeSettings: { webhookSecrets: [WEBHOOK_SECRET], priceLookupKey: 'licence-yearly', isLivemode: false },
    dns: {
      lookups: { ask: () => Promise.resolve({ kind: 'failed', reason: 'unreachable' }) },
      resolvers: [{ address: '127.0.0.1', port: 9 }],
      addressOf: () => Promise.resolve([]),
    },
    pause: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
  }
}

function requestOf(init: Call, ownOrigin: string): RequestInit {
  const { body, form } = init
  const method = init.method ?? (body === undefined && form === undefined ? 'GET' : 'POST')
  const content = form === undefined ? body : new URLSearchParams(form).toString()
  return {
    method,
    headers: {
      ...(init.key === undefined ? {} : { authorization: `Bearer ${init.key}` }),
      ...(init.cookie === undefined ? {} : { cookie: init.cookie }),
      ...(init.ipAddress === undefined ? {} : { 'x-test-address': init.ipAddress }),
      ...(method === 'GET' ? {} : { origin: new URL(ownOrigin).origin }),
      ...(content === undefined
        ? {}
        : { 'content-type': form === undefined ? 'application/json' : 'application/x-www-form-urlencoded' }),
      ...init.headers,
    },
    ...(content === undefined ? {} : { body: typeof content === 'string' ? content : JSON.stringify(content) }),
  }
}
