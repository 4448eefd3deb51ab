import { createHash } from 'node:crypto'
import type { ControlCtx } from '#control-plane/api/env.ts'
import { allAudit } from '#control-plane/core/audit/list-audit.ts'
import { mintControlKey, revokeControlKey } from '#control-plane/core/control-key/mint-key.ts'
import { askProof } from '#control-plane/core/domain/claim-ask.ts'
import { domainWrite } from '#control-plane/core/domain/domain-store.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { startImpersonation } from '#control-plane/core/person/act-for.ts'
import { addMember } from '#control-plane/core/person/invite-person.ts'
import { LICENSEE_ROLES, type Organization, type Role } from '#control-plane/core/person/organization.ts'
import { removePerson } from '#control-plane/core/person/remove-person.ts'
import { newSessionWrites, type Session, sessionIdOf } from '#control-plane/core/person/session.ts'
import { registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import type { TableItem } from '#shared/platform/table.ts'

/** Who asks: a name for lists, how he shows himself, and what is put right before each of his requests. */
export type Asker = {
  readonly name: string
  readonly role: Role | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly isReadOnly?: true
  /** Comes from another site's page. */
  readonly isForeignPage?: true
  /** Of the vendor, by a mailed link alone. */
  readonly isWithoutPasskey?: true
  readonly restore: () => Promise<void>
}

/** One licensee's things by their kind. */
export type Things = Readonly<Record<ThingKind, string>>
export const THING_KINDS = [
  'licensee',
  'tenant',
  'licence',
  'person',
  'key',
  'session',
  'run',
  'audit',
  'domain',
] as const
export type ThingKind = (typeof THING_KINDS)[number]

export type World = {
  readonly askers: readonly Asker[]
  readonly own: Things
  readonly foreign: Things
  /** Words that only the other licensee's rows hold. */
  readonly canaries: readonly string[]
  /** Everything the other licensee has, as it is now. */
  readonly foreignRows: () => Promise<string>
  /** Of the other licensee's owner, to fetch cursors and use Idempotency-Keys. */
  readonly foreignOwner: Asker
}

const nothing = () => Promise.resolve()

/** Two licensees with one of each thing, and everybody who may ask for the first. */
export async function makeWorld(ctx: ControlCtx): Promise<World> {
  const own = await licenseeWithThings(ctx, 'Asker', 'asker.example.com')
  const foreign = await licenseeWithThings(ctx, 'Canary-7f3a', 'canary-7f3a.example.com')
  const askers = [...(await membersOf(ctx, own.organization)), ...(await strangersTo(ctx, own.organization))]
  const { licensee, tenant, domain } = foreign.things
  const partitions = [`licensee#${licensee}`, `audit#${licensee}`, `tenant#${tenant}`, `domain#${domain}`]
  return {
    askers,
    own: own.things,
    foreign: foreign.things,
    canaries: ['canary-7f3a', ...Object.values(foreign.things)],
    async foreignRows() {
      const pages = await Promise.all(partitions.map((pk) => ctx.table.query({ pk, limit: 1000 })))
      return JSON.stringify(pages.map(({ items }) => items.map(withoutUse)))
    },
    foreignOwner: await byKey(ctx, foreign.organization, 'owner'),
  }
}

/** A key that is used is not a row that has changed. */
function withoutUse(item: TableItem): TableItem {
  const { lastUsedAt: _, ...rest } = item
  return rest
}

async function licenseeWithThings(ctx: ControlCtx, name: string, domainName: string) {
  const { licenseeId } = await registerLicensee(ctx, { name, billingEmail: `pay@${domainName}` })
  const organization: Organization & { readonly licenseeId: string } = { kind: 'licensee', licenseeId }
  const { tenant, licence } = await registerTenant(ctx, {
    licenseeId,
    domainName,
    registrableName: 'example.com',
    placement: 'cell',
    dnsMode: 'delegated',
    region: 'us-east-1',
  })
  const { tenantId } = tenant
  const before = await getTenant(ctx, tenantId)
  await ctx.table.transact([tenantWrite(before, { ...before, state: 'live', version: before.version + 1 })])
  const { runId } = await retireTenant(ctx, { tenantId, reason: `of ${name}` })
  const now = ctx.clock.now()
  await ctx.table.write(
    domainWrite(undefined, {
      tenantId,
      licenseeId,
      domainName,
      state: 'claimed',
      nameServers: [`ns1.${domainName}`],
      records: [],
      lookingSince: now,
      looks: 0,
      createdAt: now,
      version: 1,
    }),
  )
  await askProof(ctx, { licenseeId, domainName, registrableName: 'example.com' })
  const { personId, session } = await signedIn(ctx, organization, 'viewer', `person@${domainName}`)
  await signedIn(ctx, organization, 'owner', `owner@${domainName}`)
  const { key } = await mintControlKey(ctx, { organization, role: 'viewer', label: name, by: 'vendor_admin' })
  const audit = (await allAudit(ctx, { licenseeId }).next()).value ?? []
  const things: Things = {
    licensee: licenseeId,
    tenant: tenantId,
    licence: licence.licenceId,
    person: personId,
    key: key.keyId,
    session: session.sessionId,
    run: runId,
    audit: audit[0]?.auditId ?? '',
    domain: domainName,
  }
  return { organization, things }
}

async function membersOf(ctx: ControlCtx, organization: Organization): Promise<readonly Asker[]> {
  const each = await Promise.all(
    LICENSEE_ROLES.map(async (role) => [
      await byKey(ctx, organization, role),
      await bySession(ctx, organization, role),
    ]),
  )
  return each.flat()
}

/** Who has no right here, any more, or a smaller one than he seems to. */
async function strangersTo(
  ctx: ControlCtx,
  organization: Organization & { readonly licenseeId: string },
): Promise<readonly Asker[]> {
  const { key, secret } = await mintControlKey(ctx, { organization, role: 'owner', label: 'old', by: 'vendor_admin' })
  await revokeControlKey(ctx, { organization, keyId: key.keyId, by: 'vendor_admin' })
  const removed = await signedIn(ctx, organization, 'admin', 'removed@example.com')
  await removePerson(ctx, { organization, personId: removed.personId })
  const owner = await bySession(ctx, organization, 'owner')
  const looking = await signedIn(ctx, { kind: 'vendor' }, 'vendor_support', 'support@example.com')
  const linked = await signedIn(ctx, { kind: 'vendor' }, 'vendor_admin', 'linked@example.com')
  const byLink: Session = { ...linked.session, signedInBy: 'link' }
  await putSession(ctx, byLink)
  const look = () =>
    startImpersonation(ctx, { session: looking.session, licenseeId: organization.licenseeId, reason: 'b', ticket: 'b' })
  const impersonation = await look()
  return [
    { name: 'nobody', role: undefined, headers: {}, restore: nothing },
    { name: 'revoked key', role: undefined, headers: { authorization: `Bearer ${secret}` }, restore: nothing },
    { name: 'removed person', role: undefined, headers: cookie(removed.token), restore: nothing },
    {
      name: 'vendor’s admin, by a mailed link',
      role: 'vendor_admin',
      isWithoutPasskey: true,
      headers: cookie(linked.token),
      restore: () => putSession(ctx, byLink),
    },
    { ...owner, name: 'owner, by another site’s page', isForeignPage: true },
    {
      name: 'impersonator',
      role: 'viewer',
      isReadOnly: true,
      headers: cookie(looking.token),
      restore: () => putSession(ctx, { ...looking.session, impersonation }),
    },
  ]
}

async function byKey(ctx: ControlCtx, organization: Organization, role: Role): Promise<Asker> {
  const { secret } = await mintControlKey(ctx, { organization, role, label: role, by: 'vendor_admin' })
  return { name: `${role} by key`, role, headers: { authorization: `Bearer ${secret}` }, restore: nothing }
}

async function bySession(ctx: ControlCtx, organization: Organization, role: Role): Promise<Asker> {
  const { token, session } = await signedIn(ctx, organization, role, `${role}-${ctx.ids.newToken()}@example.com`)
  return { name: `${role} by session`, role, headers: cookie(token), restore: () => putSession(ctx, session) }
}

async function signedIn(ctx: ControlCtx, organization: Organization, role: Role, email: string) {
  const { personId, organizationName } = await addMember(ctx, { organization, email, name: email, role })
  const token = createHash('sha256').update(ctx.ids.newToken()).digest('hex').slice(0, 32)
  const tokenSha256 = ctx.sha256(token)
  const now = ctx.clock.now()
  const session: Session = {
    sessionId: sessionIdOf(ctx, tokenSha256),
    tokenSha256,
    personId,
    createdAt: now,
    endsAt: now + 3_600_000 * 12,
    signedInBy: 'passkey',
    organizationName,
  }
  await ctx.table.transact(newSessionWrites(session))
  return { personId, token, session }
}

/** What a request did to its own session is undone. */
async function putSession(ctx: ControlCtx, session: Session): Promise<void> {
  const [first] = newSessionWrites(session)
  if (first?.kind === 'put') await ctx.table.write({ kind: 'put', item: first.item })
}

function cookie(token: string): Readonly<Record<string, string>> {
  return { cookie: `convoke-session=${token}.unread` }
}
