import { ApiScope } from '#shared/contracts/api.ts'
import { createApi } from '#tenant-stack/api/app.ts'
import { type Guards, guards } from '#tenant-stack/api/guards.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { changeOrganizer } from '#tenant-stack/core/organizer/change-organizer.ts'
import { organizerKey } from '#tenant-stack/core/organizer/organizer.ts'
import { sessionKey } from '#tenant-stack/core/session/session.ts'
import { issueSignInLink, redeemSignInLink } from '#tenant-stack/core/session/sign-in-link.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { counter, proposalsOf } from '#test/harness/tenant/proposed.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

export const THINGS = [
  'eventId',
  'invitationId',
  'listId',
  'proposalId',
  'email',
  'keyId',
  'webhookId',
  'deliveryId',
  'suppressionId',
  'sessionId',
] as const
export type ThingName = (typeof THINGS)[number]
/** Ids of what somebody has, by the names that paths give them. */
export type Things = Readonly<Record<ThingName, string>>

export type Asker = {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** What he holds; an organizer sees his own alone. */
  readonly scopes: readonly ApiScope[]
  readonly isOrganizer?: true
  /** Nobody, or whom this host does not know. */
  readonly isStranger?: true
  readonly isForeignPage?: true
}

export type TenantWorld = {
  readonly own: Things
  /** Of another organizer of the same domain, and of another tenant. */
  readonly foreign: Readonly<Record<'neighbour' | 'elsewhere', Things>>
  readonly askers: readonly Asker[]
  readonly request: (path: string, init: RequestInit) => Promise<Response>
  readonly remove: (removed: Partial<Guards>) => void
  /** All rows of the neighbour's event and of the other tenant, as text. */
  readonly foreignRows: () => Promise<string>
  readonly tenant: TestTenant
  readonly close: () => Promise<void>
}

const HOST = 'app.events.example.net'
const ANA = 'ana.diaz@example.com'
export const OMAR = 'omar.haddad@example.com'
export const ELSA = 'elsa.berg@example.com'
/** Names that no answer to somebody else may hold. */
export const CANARIES = [
  OMAR,
  ELSA,
  'Canary Omar',
  'Canary Elsa',
  'guest-of-omar@example.org',
  'guest-of-elsa@example.org',
]

/** Two organizers of one domain and a third of another tenant, each with one of everything; on one database. */
export async function openTenantWorld(): Promise<TenantWorld> {
  const tenant = await createTestTenant({ apiRequestsPerMinute: 100_000_000 })
  const { platform } = tenant
  const second = { ...platform, table: platform.tableOf('ten_other') }
  const other = await createTestTenant({ platform: second, apiRequestsPerMinute: 100_000_000 })
  const own = await thingsOf(tenant, ANA, 'Own', 'guest@example.org')
  const neighbour = await thingsOf(tenant, OMAR, 'Canary Omar', 'guest-of-omar@example.org')
  const elsewhere = await thingsOf(other, ELSA, 'Canary Elsa', 'guest-of-elsa@example.org')
  let standing: Guards = guards
  const now: Guards = {
    lacking: (...asked) => standing.lacking(...asked),
    ownOf: (...asked) => standing.ownOf(...asked),
    assertOwn: (...asked) => standing.assertOwn(...asked),
    isOwnOrigin: (...asked) => standing.isOwnOrigin(...asked),
  }
  const api = createApi(tenant.ctx, { takesSessions: true, guards: now })
  const keysOnly = createApi(tenant.ctx, { guards: now })
  const { askers, kept } = await askersOf(tenant, other)
  const rowsOf = async (of: TestTenant, pk: string) =>
    JSON.stringify((await of.ctx.table.query({ pk, limit: 1000 })).items)
  return {
    own,
    foreign: { neighbour, elsewhere },
    askers,
    request: async (path, init) => {
      const headers = new Headers(init.headers)
      const answer = await (headers.get('host')?.startsWith('api.') === true ? keysOnly : api).request(path, init)
      // Somebody may have been signed out, or suspended, who may be: the next asker finds everybody as before.
      if (init.method !== 'GET') for (const item of kept) await tenant.ctx.table.write({ kind: 'put', item })
      return answer
    },
    remove(removed) {
      standing = { ...guards, ...removed }
    },
    foreignRows: async () =>
      [
        await rowsOf(tenant, `event#${neighbour.eventId}`),
        await rowsOf(other, `event#${elsewhere.eventId}`),
        await rowsOf(tenant, `organizer#${OMAR}`),
      ].join('\n'),
    tenant,
    async close() {
      await other.close()
      await tenant.close()
    },
  }
}

async function sessionOf(tenant: TestTenant, address: string): Promise<string> {
  const link = await issueSignInLink(tenant.ctx, address)
  const { sessionToken } = await redeemSignInLink(tenant.ctx, {
    token: link.split('/').at(-1) ?? '',
    userAgent: 'bench',
  })
  return `__Host-convoke-session=${sessionToken}`
}

/** Everybody who asks, and the rows that let them in. */
async function askersOf(tenant: TestTenant, other: TestTenant) {
  const admin = 'admin@example.com'
  await tenant.receive(organizerMail({ uid: 'admin@example.com', from: admin }), { from: admin })
  await changeOrganizer(tenant.ctx, { address: admin, role: 'admin' })
  const suspended = 'gone@example.com'
  await tenant.receive(organizerMail({ uid: 'gone@example.com', from: suspended }), { from: suspended })
  const gone = await sessionOf(tenant, suspended)
  await changeOrganizer(tenant.ctx, { address: suspended, state: 'suspended', reason: 'left' })
  const keyOf = async (of: TestTenant, scopes: readonly ApiScope[]) =>
    `Bearer ${(await createApiKey(of.ctx, { label: 'bench', scopes })).secret}`
  const all = ApiScope.options
  const [ofAna, ofAdmin] = [await sessionOf(tenant, ANA), await sessionOf(tenant, admin)]
  const some = (name: string, scopes: readonly ApiScope[]) =>
    keyOf(tenant, scopes).then((authorization): Asker => ({ name, headers: { host: HOST, authorization }, scopes }))
  const askers: readonly Asker[] = [
    { name: 'an organizer', headers: { host: HOST, cookie: ofAna }, scopes: all, isOrganizer: true },
    { name: 'an administrator', headers: { host: HOST, cookie: ofAdmin }, scopes: all },
    await some('a key of all scopes', all),
    await some(
      'a key that reads',
      all.filter((scope) => scope.endsWith(':read')),
    ),
    await some(
      'a key that writes',
      all.filter((scope) => scope.endsWith(':write')),
    ),
    ...(await Promise.all(
      all.map((scope) =>
        some(
          `a key without ${scope}`,
          all.filter((one) => one !== scope),
        ),
      ),
    )),
    {
      name: 'a foreign page of an administrator',
      headers: { host: HOST, cookie: ofAdmin },
      scopes: all,
      isForeignPage: true,
    },
    { name: 'nobody', headers: { host: HOST }, scopes: [], isStranger: true },
    {
      name: 'a session on the host of the API',
      headers: { host: 'api.events.example.net', cookie: ofAdmin },
      scopes: [],
      isStranger: true,
    },
    {
      name: 'a key of another tenant',
      headers: { host: HOST, authorization: await keyOf(other, all) },
      scopes: [],
      isStranger: true,
    },
    {
      name: 'a session of another tenant',
      headers: { host: HOST, cookie: await sessionOf(other, ELSA) },
      scopes: [],
      isStranger: true,
    },
    { name: 'a suspended organizer', headers: { host: HOST, cookie: gone }, scopes: [], isStranger: true },
  ]
  const keys = [
    sessionKey(tenant.ctx, ofAna.split('=')[1] ?? ''),
    sessionKey(tenant.ctx, ofAdmin.split('=')[1] ?? ''),
    organizerKey(ANA),
    organizerKey(admin),
    organizerKey(suspended),
  ]
  return { askers, kept: await tenant.ctx.table.getMany(keys) }
}

async function thingsOf(tenant: TestTenant, organizer: string, summary: string, guest: string): Promise<Things> {
  const call = await apiCaller(tenant.ctx)
  const outcome = await tenant.receive(
    organizerMail({ uid: `event-of-${organizer}`, from: `${summary} <${organizer}>` }),
    {
      from: organizer,
    },
  )
  const eventId = outcome.eventIds[0] ?? ''
  const invitation = await call('POST', `/events/${eventId}/invitations`, { body: { email: guest, name: summary } })
  await tenant.drain()
  const invite = (await tenant.sent()).findLast(({ to }) => to === guest)?.raw.toString('latin1') ?? ''
  const replyAddress = /^From: .*<([^>]+)>/m.exec(invite)?.[1] ?? ''
  const facts = { uid: `${eventId}@events.example.net`, replyAddress, attendee: guest, sequence: 0, ...counter(6) }
  const proposed = replyShapes.bare({ partstat: 'TENTATIVE', dtstamp: '', start: '', end: '', ...facts })
  await tenant.receive(proposed, { to: replyAddress, from: guest })
  const list = await call('POST', `/events/${eventId}/lists`, {
    headers: { 'content-type': 'text/plain' },
    body: `another-${guest}`,
  })
  const webhook = await call('POST', '/webhooks', {
    body: { url: 'https://hooks.example.com/', types: ['answer.recorded'] },
  })
  const delivery = await call('POST', `/webhooks/${String(webhook.body.id)}/test`)
  const suppression = await suppress(tenant.ctx, { address: `no-${guest}`, reason: 'manual', source: 'api' })
  const key = await call('POST', '/keys', { body: { label: summary, scopes: ['events:read'] } })
  await sessionOf(tenant, organizer)
  const sessions = await call('GET', `/organizers/${organizer}/sessions`)
  const things: Things = {
    eventId,
    invitationId: String(invitation.body.id),
    listId: String(list.body.id),
    proposalId: (await proposalsOf(tenant, eventId))[0]?.proposalId ?? '',
    email: organizer,
    keyId: String(key.body.id),
    webhookId: String(webhook.body.id),
    deliveryId: String(delivery.body.id),
    suppressionId: suppression.suppressionId,
    sessionId: /"id":"(ses_\w+)"/.exec(sessions.text)?.[1] ?? '',
  }
  const missing = Object.entries(things).filter(([, id]) => id === '' || id === 'undefined')
  if (missing.length > 0) throw new Error(`${organizer} has no ${missing.map(([name]) => name).join(', ')}`)
  return things
}
