import type { PlaceCloud } from '#control-plane/cloud/cloud.ts'
import type { PlannedMail } from '#control-plane/core/control-mail/plan-control-mail.ts'
import type { Domain, ResourceStanding } from '#control-plane/core/domain/domain.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { Failure } from '#shared/errors/failure.ts'
import { type ServiceName, takeToken } from './budget.ts'
import type { ProvisioningCtx } from './context.ts'
import { hasPlace, siteOf } from './site.ts'
import { isOurs } from './steps/ours.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR
/** The looks of a day are spread, and each shall look. */
const AGAIN_AFTER_MILLISECONDS = 20 * HOUR
/** What was found wrong once is looked at again this soon: the second time in a row somebody is told. */
const AFTER_MISS_MILLISECONDS = 12 * 60_000
/** ACM renews 60 days before the end and goes on trying (https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html). */
const RENEWED_BEFORE_MILLISECONDS = 30 * DAY

type Found = {
  readonly key: ResourceStanding['key']
  readonly state: ResourceStanding['state']
  readonly found: string
}

/**
 * Compares what stands outside of the tenant's stack with what the engine made: the role by which we are let in, zone, mail identity and certificate.
 * Once a day, sooner after something was not as it should be; undefined when it is not time.
 */
export async function lookAtResources(
  ctx: ProvisioningCtx,
  tenant: Tenant,
  { state, resources = [], nameServers }: Pick<Domain, 'state' | 'resources' | 'nameServers'>,
): Promise<readonly ResourceStanding[] | undefined> {
  // What DNS has lost SES loses after it: the domain's own news tell of that.
  if (state !== 'verified' || !hasPlace(tenant)) return undefined
  const now = ctx.clock.now()
  const lastAt = Math.max(0, ...resources.map(({ observedAt }) => observedAt))
  const isOpen = resources.some(({ misses }) => misses === 1)
  if (now - lastAt < (isOpen ? AFTER_MISS_MILLISECONDS : AGAIN_AFTER_MILLISECONDS)) return undefined
  const found = await foundOf(ctx, tenant, nameServers)
  return found.map((one) =>
    settled(
      resources.find(({ key }) => key === one.key),
      one,
      now,
    ),
  )
}

/** When they are to be looked at before the day has passed. */
export function nextResourceLook(standings: readonly ResourceStanding[], now: number): number | undefined {
  return standings.some(({ misses }) => misses === 1) ? now + AFTER_MISS_MILLISECONDS : undefined
}

/** Mails of what has just become wrong, to the vendor; each once for the time that it is so. */
export function mailsOfResources(
  ctx: ProvisioningCtx,
  { tenantId, domainName }: Tenant,
  before: readonly ResourceStanding[],
  after: readonly ResourceStanding[],
): readonly PlannedMail[] {
  const was = (key: string) => before.find((standing) => standing.key === key)?.state
  return after
    .filter(({ key, state }) => state === 'wrong' && was(key) !== 'wrong')
    .map(({ key, found, since }) => ({
      mailKey: `resource:${tenantId}:${key}:${since}`,
      to: ctx.licenceSettings.vendorEmail,
      parts: {
        subject: `${domainName}: ${WORDS[key]} is not as it was made`,
        paragraphs: ['Two looks in a row have found it so. Nothing was changed by us; its tenant may stop working.'],
        facts: [
          ['Found', found],
          ['Look', `npm run convoke -- domain show ${tenantId}`],
        ],
        footer: `${ctx.settings.vendorName}, domain ${domainName}`,
      },
    }))
}

const WORDS: { readonly [K in ResourceStanding['key']]: string } = {
  role: 'the role by which we are let in',
  zone: 'its zone',
  identity: 'its mail identity',
  certificate: 'its certificate',
}

/** A look that could not be made says nothing; of two misses in a row the second counts. */
function settled(before: ResourceStanding | undefined, { key, state, found }: Found, now: number): ResourceStanding {
  const known = before ?? { key, state: 'ok', found: '', since: now, observedAt: now, misses: 0 }
  if (state === 'cannot_check') return { ...known, observedAt: now }
  if (state === 'ok')
    return { key, state, found, since: known.state === 'ok' ? known.since : now, observedAt: now, misses: 0 }
  const misses = known.misses + 1
  if (known.state === 'wrong') return { ...known, found, observedAt: now, misses }
  return misses === 1
    ? { ...known, found, observedAt: now, misses }
    : { key, state: 'wrong', found, since: now, observedAt: now, misses }
}

async function foundOf(
  ctx: ProvisioningCtx,
  tenant: Tenant,
  nameServers: readonly string[],
): Promise<readonly Found[]> {
  const { place } = await siteOf(ctx, tenant)
  const cloud = ctx.cloud.at(place)
  const { hostedZoneId, certificateArn } = tenant.resources
  const ask = async (
    service: ServiceName,
    key: Found['key'],
    look: (of: PlaceCloud) => Promise<string | undefined>,
  ) => {
    try {
      await takeToken(ctx, service, place)
      const wrong = await look(cloud)
      return { key, state: wrong === undefined ? 'ok' : 'wrong', found: wrong ?? 'as it was made' } as const
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const isOut = key === 'role' && error.code === 'cloud.denied'
      return { key, state: isOut ? 'wrong' : 'cannot_check', found: error.code } as const
    }
  }
  const role = await ask('sts', 'role', async (of) => {
    await of.identity.read()
    return undefined
  })
  // Who is not let in sees nothing of the others.
  if (role.state !== 'ok') return [role]
  return [
    role,
    await ask('ses', 'identity', (of) => wrongIdentity(of, tenant)),
    ...(hostedZoneId === undefined
      ? []
      : [await ask('route53', 'zone', (of) => wrongZone(of, hostedZoneId, nameServers))]),
    ...(certificateArn === undefined
      ? []
      : [await ask('acm', 'certificate', (of) => wrongCertificate(of, certificateArn, ctx.clock.now()))]),
  ]
}

async function wrongIdentity(cloud: PlaceCloud, { domainName, tenantId }: Tenant): Promise<string | undefined> {
  const identity = await cloud.emailIdentities.read(domainName)
  if (identity === undefined) return 'gone'
  if (!isOurs(identity.tags, tenantId)) return 'without our tags'
  if (identity.dkim.status !== 'SUCCESS')
    return `DKIM ${identity.dkim.status} ${identity.verificationError ?? ''}`.trim()
  return identity.isVerified ? undefined : 'not verified'
}

async function wrongZone(
  cloud: PlaceCloud,
  hostedZoneId: string,
  nameServers: readonly string[],
): Promise<string | undefined> {
  const zone = await cloud.hostedZones.read(hostedZoneId)
  if (zone === undefined) return 'gone'
  const isSame = [...zone.nameServers].sort().join(' ') === [...nameServers].sort().join(' ')
  return isSame ? undefined : `other name servers: ${zone.nameServers.join(', ')}`
}

async function wrongCertificate(cloud: PlaceCloud, arn: string, now: number): Promise<string | undefined> {
  const certificate = await cloud.certificates.describe(arn)
  if (certificate === undefined) return 'gone'
  if (certificate.status !== 'ISSUED') return `${certificate.status} ${certificate.failureReason ?? ''}`.trim()
  const { expiresAt } = certificate
  const isLate = expiresAt !== undefined && expiresAt - now < RENEWED_BEFORE_MILLISECONDS
  return isLate ? `not renewed, ends ${new Date(expiresAt).toISOString().slice(0, 10)}` : undefined
}
