import { TENANT_TAG } from '#control-plane/cloud/tags.ts'
import { generationOf, type Step, type Work } from '../step.ts'
import { isOurs, tagsOf } from './ours.ts'

/**
 * The hosted zone of a delegated domain. The caller reference is the tenant's: it finds the zone again even before it has tags. Route 53 takes
 * none a second time, also when its zone is gone.
 */
export const makeZone: Step = {
  name: 'make_zone',
  sentence: 'We make the DNS zone of your domain.',
  vendorSentence: 'Route 53: hosted zone, tags, name servers.',
  plan: (work) => ({ callerReference: `${referenceOf(work)}${generationOf(work.step)}` }),
  async ensure(work, { callerReference = '' }) {
    const { domainName } = work.tenant
    const hostedZoneId =
      (await ownZone(work)) ??
      (await work.call('route53', (cloud) => cloud.hostedZones.create({ callerReference, domainName }))).hostedZoneId
    await work.call('route53', (cloud) => cloud.hostedZones.tag({ hostedZoneId, tags: tagsOf(work) }))
    return { hostedZoneId }
  },
  async observe(work) {
    const hostedZoneId = work.facts.hostedZoneId ?? (await ownZone(work))
    if (hostedZoneId === undefined) return { kind: 'absent' }
    const tags = await work.call('route53', (cloud) => cloud.hostedZones.tagsOf(hostedZoneId))
    if (!isOurs(tags, work.tenant.tenantId)) return { kind: 'absent' }
    const zone = await work.call('route53', (cloud) => cloud.hostedZones.read(hostedZoneId))
    if (zone === undefined) return { kind: 'absent' }
    const nameServers = [...zone.nameServers]
    return { kind: 'done', resources: { hostedZoneId }, domain: { set: { nameServers } } }
  },
}

function referenceOf({ tenant }: Work): string {
  return `cp#${tenant.tenantId}#`
}

/** By its tags, or by its reference, which it has before them. */
export async function isOurZone(work: Work, hostedZoneId: string): Promise<boolean> {
  const tags = await work.call('route53', (cloud) => cloud.hostedZones.tagsOf(hostedZoneId))
  if (tags?.[TENANT_TAG] !== undefined) return isOurs(tags, work.tenant.tenantId)
  return (await ownZone(work)) === hostedZoneId
}

/** The zone that was made for this tenant, if there is one. */
export async function ownZone(work: Work): Promise<string | undefined> {
  const zones = await work.call('route53', (cloud) => cloud.hostedZones.find(work.tenant.domainName))
  return zones.find(({ callerReference }) => callerReference.startsWith(referenceOf(work)))?.hostedZoneId
}
