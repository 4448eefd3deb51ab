import type { CloudPlace } from '../cloud.ts'
import type { EmailIdentities, EmailIdentity } from '../email-identities.ts'
import { CloudFailure } from '../failure.ts'
import { identityArn, openIdentities, type SimulatedIdentity } from './identity-shelf.ts'
import { lookAtIdentity } from './look-at-identity.ts'
import { openConfigurationSets, openSesTenants } from './ses-shelves.ts'
import { digest, placeKey, type Simulation } from './simulation.ts'

const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/

export function simulateEmailIdentities(simulation: Simulation, place: CloudPlace): EmailIdentities {
  const { clock, limits } = simulation
  const shelf = openIdentities(simulation)
  const key = (emailIdentity: string) => `${placeKey(place)}${emailIdentity}`

  async function change(verb: string, name: string, decide: (before: SimulatedIdentity) => SimulatedIdentity) {
    const after = await shelf.change(key(name), decide)
    if (after === undefined) throw CloudFailure.gone(`${verb}: NotFoundException`)
    return after
  }

  return {
    async create({ emailIdentity, configurationSetName, tags }) {
      if (!DOMAIN.test(emailIdentity)) throw CloudFailure.invalid('CreateEmailIdentity: BadRequestException')
      const set = configurationSetName === undefined ? {} : { configurationSetName }
      if (
        configurationSetName !== undefined &&
        (await openConfigurationSets(simulation).get(`${placeKey(place)}${configurationSetName}`)) === undefined
      )
        throw CloudFailure.gone('CreateEmailIdentity: NotFoundException')
      if ((await shelf.all(placeKey(place))).length >= limits.email_identities)
        throw CloudFailure.quota('CreateEmailIdentity: LimitExceededException')
      const tokens = tokensOf(place, emailIdentity)
      const isMade = await shelf.insert(key(emailIdentity), {
        emailIdentity,
        region: place.region,
        tags,
        tokens,
        dkim: { status: 'PENDING', since: clock.now() },
        isForwarding: true,
        ...set,
      })
      if (!isMade) throw CloudFailure.exists('CreateEmailIdentity: AlreadyExistsException')
      return { dkimTokens: tokens }
    },
    async read(emailIdentity) {
      const found = await shelf.get(key(emailIdentity))
      if (found === undefined) return undefined
      const looked = await lookAtIdentity(simulation, found)
      const isNews = JSON.stringify(looked) !== JSON.stringify(found)
      if (isNews)
        await shelf.change(key(emailIdentity), (before) =>
          JSON.stringify(before) === JSON.stringify(found) ? looked : before,
        )
      return toldOf(looked)
    },
    async setMailFrom({ emailIdentity, mailFromDomain }) {
      if (!mailFromDomain.endsWith(`.${emailIdentity}`))
        throw CloudFailure.invalid('PutEmailIdentityMailFromAttributes: BadRequestException')
      await change('PutEmailIdentityMailFromAttributes', emailIdentity, (before) =>
        before.mailFrom?.domainName === mailFromDomain && before.mailFrom.status !== 'FAILED'
          ? before
          : { ...before, mailFrom: { domainName: mailFromDomain, status: 'PENDING', since: clock.now() } },
      )
    },
    async stopFeedbackForwarding(emailIdentity) {
      await change('PutEmailIdentityFeedbackAttributes', emailIdentity, (before) => ({
        ...before,
        isForwarding: false,
      }))
    },
    async rearmDkim(emailIdentity) {
      const after = await change('PutEmailIdentityDkimSigningAttributes', emailIdentity, (before) =>
        before.dkim.status === 'SUCCESS' ? before : { ...before, dkim: { status: 'PENDING', since: clock.now() } },
      )
      return { dkimTokens: after.tokens }
    },
    async delete(emailIdentity) {
      const tenants = await openSesTenants(simulation).all(placeKey(place))
      const arn = identityArn(place, emailIdentity)
      if (tenants.some(({ resourceArns }) => resourceArns.includes(arn)))
        throw CloudFailure.in_use('DeleteEmailIdentity: BadRequestException: it has tenant associations')
      await shelf.remove(key(emailIdentity))
    },
  }
}

function toldOf(identity: SimulatedIdentity): EmailIdentity {
  const { emailIdentity, configurationSetName, tokens, dkim, mailFrom, tags } = identity
  const error = dkim.error ?? mailFrom?.error
  return {
    emailIdentity,
    isVerified: dkim.status === 'SUCCESS' || dkim.status === 'TEMPORARY_FAILURE',
    dkim: { status: dkim.status, tokens, hostedZone: 'dkim.amazonses.com' },
    tags,
    ...(configurationSetName === undefined ? {} : { configurationSetName }),
    ...(mailFrom === undefined || mailFrom.status === 'NOT_STARTED'
      ? {}
      : { mailFrom: { domainName: mailFrom.domainName, status: mailFrom.status } }),
    ...(error === undefined ? {} : { verificationError: error }),
  }
}

/** An identity that was deleted and made again has the tokens it had. */
function tokensOf({ awsAccountId, region }: CloudPlace, emailIdentity: string): string[] {
  return [1, 2, 3].map((number) => digest('dkim', awsAccountId, region, emailIdentity, String(number)).slice(0, 32))
}
