import type { Step, Work } from '../step.ts'
import { isOurs, tagsOf } from './ours.ts'

/** The hosted zone of a delegated domain. The caller reference is the tenant's: it finds the zone again even before it has tags. */
export const makeZone: Step = {
  name: 'make_zone',
  sentence: 'We make the DNS zone of your domain.',
  vendorSentence: 'Route 53: hosted zone, tags, name servers.',
  plan: ({ tenant }) => ({ callerReference: `cp#${tenant.tenantId}#1` }),
  async ensure(work, { callerReference = '' }) {
    const { domainName } = work.tenant
    const hostedZoneId =
      (await ownZone(work, callerReference)) ??
      (await work.call('route53', (cloud) => cloud.hostedZones.create({ callerReference, domainName }))).hostedZoneId
    await work.call('route53', (cloud) => cloud.hostedZones.tag({ hostedZoneId, tags: tagsOf(work) }))
    return { hostedZoneId }
  },
  async observe(work, { callerReference = '' }) {
    const hostedZoneId = work.facts.hostedZoneId ?? (await ownZone(work, callerReference))
    if (hostedZoneId === undefined) return { kind: 'absent' }
    const tags = await work.call('route53', (cloud) => cloud.hostedZones.tagsOf(hostedZoneId))
    if (!isOurs(tags, work.tenant.tenantId)) return { kind: 'absent' }
    const zone = await work.call('route53', (cloud) => cloud.hostedZones.read(hostedZoneId))
    if (zone === undefined) return { kind: 'absent' }
    const nameServers = [...zone.nameServers]
    return { kind: 'done', resources: { hostedZoneId }, domain: { set: { nameServers } } }
  },
}

async function ownZone(work: Work, callerReference: string): Promise<string | undefined> {
  const zones = await work.call('route53', (cloud) => cloud.hostedZones.find(work.tenant.domainName))
  return zones.find((zone) => zone.callerReference === callerReference)?.hostedZoneId
}
