import type { SimulatedIdentity } from './identity-shelf.ts'
import { GIVE_UP_SECONDS, hasPassed, type Seen, type Simulation } from './simulation.ts'

type Verification = SimulatedIdentity['dkim']

/** What SES makes of the records that the world sees now. */
export async function lookAtIdentity(simulation: Simulation, identity: SimulatedIdentity): Promise<SimulatedIdentity> {
  const { emailIdentity, tokens, mailFrom, region } = identity
  const { sees } = simulation
  const dkim = await next(simulation, identity.dkim, () =>
    firstError(
      tokens.map(
        (token) => async () =>
          errorOf(
            await sees(`${token}._domainkey.${emailIdentity}`, 'CNAME'),
            (value) => value === `${token}.dkim.amazonses.com`,
          ),
      ),
    ),
  )
  if (mailFrom === undefined) return { ...identity, dkim }
  const { domainName, ...standing } = mailFrom
  const bounces = await next(simulation, standing, async () =>
    firstError([
      async () =>
        errorOf(await sees(domainName, 'MX'), (value) => value.endsWith(` feedback-smtp.${region}.amazonses.com`)),
      async () => errorOf(await sees(domainName, 'TXT'), (value) => value.includes('include:amazonses.com')),
    ]),
  )
  return { ...identity, dkim, mailFrom: { ...bounces, domainName } }
}

/** PENDING until seen, SUCCESS until lost, and FAILED after 72 hours of either. */
async function next(
  simulation: Simulation,
  before: Verification,
  look: () => Promise<string | undefined>,
): Promise<Verification> {
  const { clock, seconds } = simulation
  const { status, since } = before
  if (status === 'FAILED' || status === 'NOT_STARTED') return before
  if (status === 'PENDING' && !hasPassed(simulation, since, seconds.identityLook)) return before
  // It gave up before anybody asked.
  if (status !== 'SUCCESS' && hasPassed(simulation, since, GIVE_UP_SECONDS)) return { ...before, status: 'FAILED' }
  const error = await look()
  if (error === undefined) return status === 'SUCCESS' ? before : { status: 'SUCCESS', since: clock.now() }
  if (status === 'SUCCESS') return { status: 'TEMPORARY_FAILURE', since: clock.now(), error }
  return { ...before, error }
}

async function firstError(looks: readonly (() => Promise<string | undefined>)[]): Promise<string | undefined> {
  for (const look of looks) {
    const error = await look()
    if (error !== undefined) return error
  }
  return undefined
}

/** SES's words for what is wrong with a record (VerificationInfo.ErrorType). */
function errorOf(seen: Seen, isRight: (value: string) => boolean): string | undefined {
  if (seen.kind === 'no_name') return 'HOST_NOT_FOUND'
  if (seen.kind === 'no_answer') return 'DNS_SERVER_ERROR'
  if (seen.values.length === 0) return 'TYPE_NOT_FOUND'
  return seen.values.some(isRight) ? undefined : 'INVALID_VALUE'
}
