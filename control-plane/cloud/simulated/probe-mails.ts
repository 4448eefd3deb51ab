import type { CloudPlace } from '../cloud.ts'
import { CloudFailure } from '../failure.ts'
import type { ProbeMails } from '../probe-mails.ts'
import { openIdentities } from './identity-shelf.ts'
import { lookAtIdentity } from './look-at-identity.ts'
import { openSesTenants } from './ses-shelves.ts'
import { placeKey, type Simulation } from './simulation.ts'

/** Mailboxes of it take everything and tell nobody (SES, "Using the mailbox simulator"). */
const SIMULATOR = '@simulator.amazonses.com'

/** Sends as SES does for one of its tenants, to whatever the world's mail servers make of it. */
export function simulateProbeMails(simulation: Simulation, place: CloudPlace): ProbeMails {
  const key = (name: string) => `${placeKey(place)}${name}`
  const arn = (resource: string) => `arn:aws:ses:${place.region}:${place.awsAccountId}:${resource}`

  async function assertTenant(tenantName: string, resources: readonly string[]): Promise<void> {
    const tenant = await openSesTenants(simulation).get(key(tenantName))
    if (tenant === undefined) throw CloudFailure.conflict('SendEmail: NotFoundException')
    if (tenant.sendingStatus === 'DISABLED') throw CloudFailure.vendor_task('SendEmail: SendingPausedException')
    if (resources.some((resource) => !tenant.resourceArns.includes(arn(resource))))
      throw CloudFailure.conflict('SendEmail: BadRequestException: not associated with the tenant')
  }

  async function isReceivedHere(address: string): Promise<boolean> {
    const seen = await simulation.sees(address.slice(address.lastIndexOf('@') + 1), 'MX')
    return (
      seen.kind === 'values' &&
      seen.values.some((value) => value.endsWith(` inbound-smtp.${place.region}.amazonaws.com`))
    )
  }

  return {
    async send({ tenantName, configurationSetName, from, to, subject, text }) {
      const domainName = from.slice(from.lastIndexOf('@') + 1)
      await assertTenant(tenantName, [`identity/${domainName}`, `configuration-set/${configurationSetName}`])
      const identity = await openIdentities(simulation).get(key(domainName))
      const isVerified =
        identity !== undefined && (await lookAtIdentity(simulation, identity)).dkim.status === 'SUCCESS'
      if (!isVerified) throw CloudFailure.conflict('SendEmail: MessageRejected: Email address is not verified')
      const messageId = `0100${simulation.ids.newToken()}`
      const at = simulation.clock.now()
      // What leads to no server of SES is lost on the way, as far as anybody here can tell.
      for (const address of to.filter((one) => !one.endsWith(SIMULATOR)))
        if (await isReceivedHere(address)) await simulation.deliver({ messageId, from, to: address, subject, text, at })
      return { messageId }
    },
  }
}
