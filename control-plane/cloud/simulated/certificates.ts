import * as z from 'zod'
import { CERTIFICATE_STATUSES, type Certificate, type Certificates } from '../certificates.ts'
import type { CloudPlace } from '../cloud.ts'
import { CloudFailure } from '../failure.ts'
import { openShelf, type Shelf } from './shelf.ts'
import { digest, GIVE_UP_SECONDS, hasPassed, isListed, placeKey, type Simulation } from './simulation.ts'
import { openStackShelf } from './stack-shelf.ts'

const SimulatedCertificate = z.object({
  certificateArn: z.string(),
  domainName: z.string(),
  idempotencyToken: z.string(),
  tags: z.record(z.string(), z.string()),
  status: z.enum(CERTIFICATE_STATUSES),
  failureReason: z.string().exactOptional(),
  requestedAt: z.number(),
  seenAt: z.number().exactOptional(),
})
type SimulatedCertificate = z.infer<typeof SimulatedCertificate>

/** ACM: a wildcard may stand for the first label. */
const NAME = /^(?=.{1,253}$)(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/
const TOKEN = /^\w{1,32}$/
const TOKEN_SECONDS = 3600
/** 395 days less the day it began (ACM, "Managed renewal"). */
const VALID_SECONDS = 394 * 86_400
/** Names by which a CAA record lets ACM issue (ACM, "CAA"). */
const AMAZON = /"(amazon\.com|amazontrust\.com|awstrust\.com|amazonaws\.com)/

export function openCertificates({ table }: Simulation): Shelf<SimulatedCertificate> {
  return openShelf(table, 'certificates', SimulatedCertificate)
}

export function simulateCertificates(simulation: Simulation, place: CloudPlace): Certificates {
  const { clock, ids, limits } = simulation
  const shelf = openCertificates(simulation)
  const own = (certificateArn: string) => `${placeKey(place)}${certificateArn}`

  async function usersOf(certificateArn: string): Promise<readonly string[]> {
    const stacks = await openStackShelf(simulation).all(placeKey(place))
    return stacks
      .filter(({ parameters }) => parameters.CertificateArn === certificateArn)
      .map(({ stackName }) => `arn:aws:apigateway:${place.region}::/domainnames/${stackName}`)
  }

  return {
    async request({ domainName, idempotencyToken, tags }) {
      if (!NAME.test(domainName)) throw CloudFailure.invalid('RequestCertificate: InvalidParameterException')
      if (!TOKEN.test(idempotencyToken)) throw CloudFailure.invalid('RequestCertificate: InvalidParameterException')
      const all = await shelf.all(placeKey(place))
      const same = all.find(
        (one) =>
          one.domainName === domainName &&
          one.idempotencyToken === idempotencyToken &&
          !hasPassed(simulation, one.requestedAt, TOKEN_SECONDS),
      )
      if (same !== undefined) return { certificateArn: same.certificateArn }
      if (all.length >= limits.certificates) throw CloudFailure.quota('RequestCertificate: LimitExceededException')
      const certificateArn = `arn:aws:acm:${place.region}:${place.awsAccountId}:certificate/${uuidOf(ids.newToken())}`
      await shelf.insert(own(certificateArn), {
        certificateArn,
        domainName,
        idempotencyToken,
        tags,
        status: 'PENDING_VALIDATION',
        requestedAt: clock.now(),
      })
      return { certificateArn }
    },
    async describe(certificateArn) {
      const found = await shelf.get(own(certificateArn))
      if (found === undefined) return undefined
      const looked = await look(simulation, place, found)
      const settled = (await shelf.change(own(certificateArn), (before) => merged(before, looked))) ?? looked
      return toldOf(simulation, place, settled, await usersOf(certificateArn))
    },
    async list(domainName) {
      const all = await shelf.all(placeKey(place))
      return all
        .filter((one) => one.domainName === domainName && isListed(simulation, one.requestedAt))
        .map(({ certificateArn }) => certificateArn)
    },
    tagsOf: async (certificateArn) => (await shelf.get(own(certificateArn)))?.tags,
    async delete(certificateArn) {
      if ((await usersOf(certificateArn)).length > 0)
        throw CloudFailure.in_use('DeleteCertificate: ResourceInUseException')
      await shelf.remove(own(certificateArn))
    },
  }
}

/** The same record for each request of the name in the account: it proves the account, not the certificate. */
function recordOf({ awsAccountId }: CloudPlace, domainName: string) {
  const base = domainName.replace(/^\*\./, '')
  const value = `_${digest('value', awsAccountId, base).slice(0, 32)}.${digest(base).slice(0, 10)}.acm-validations.aws`
  return { name: `_${digest('name', awsAccountId, base).slice(0, 32)}.${base}`, type: 'CNAME' as const, value }
}

async function look(
  simulation: Simulation,
  place: CloudPlace,
  certificate: SimulatedCertificate,
): Promise<SimulatedCertificate> {
  if (certificate.status !== 'PENDING_VALIDATION') return certificate
  const { clock, sees, seconds } = simulation
  if (certificate.seenAt === undefined) {
    if (hasPassed(simulation, certificate.requestedAt, GIVE_UP_SECONDS))
      return { ...certificate, status: 'VALIDATION_TIMED_OUT' }
    const { name, value } = recordOf(place, certificate.domainName)
    const seen = await sees(name, 'CNAME')
    if (seen.kind !== 'values' || !seen.values.includes(value)) return certificate
    return { ...certificate, seenAt: clock.now() }
  }
  if (!hasPassed(simulation, certificate.seenAt, seconds.certificateIssue)) return certificate
  if (!(await mayIssue(simulation, certificate.domainName)))
    return { ...certificate, status: 'FAILED', failureReason: 'CAA_ERROR' }
  return { ...certificate, status: 'ISSUED' }
}

/** RFC 8659 §3: the nearest name upwards that has CAA records decides. */
async function mayIssue({ sees }: Simulation, domainName: string): Promise<boolean> {
  const labels = domainName.replace(/^\*\./, '').split('.')
  for (let at = 0; at < labels.length; at += 1) {
    const seen = await sees(labels.slice(at).join('.'), 'CAA')
    const issues = seen.kind === 'values' ? seen.values.filter((value) => / issue(wild)? /.test(value)) : []
    if (issues.length > 0) return issues.some((value) => AMAZON.test(value))
  }
  return true
}

/** Two that look at once: what is settled stays. */
function merged(before: SimulatedCertificate, looked: SimulatedCertificate): SimulatedCertificate {
  const isSame = before.status === looked.status && before.seenAt === looked.seenAt
  return isSame || before.status !== 'PENDING_VALIDATION' ? before : looked
}

function toldOf(
  simulation: Simulation,
  place: CloudPlace,
  certificate: SimulatedCertificate,
  inUseBy: readonly string[],
): Certificate {
  const { certificateArn, domainName, status, requestedAt, failureReason, seenAt } = certificate
  return {
    certificateArn,
    domainName,
    status,
    inUseBy,
    requestedAt,
    ...(hasPassed(simulation, requestedAt, simulation.seconds.certificateRecord)
      ? { validationRecord: recordOf(place, domainName) }
      : {}),
    ...(failureReason === undefined ? {} : { failureReason }),
    ...(status === 'ISSUED' && seenAt !== undefined ? { expiresAt: seenAt + VALID_SECONDS * 1000 } : {}),
  }
}

function uuidOf(token: string): string {
  const hex = digest('certificate', token)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
