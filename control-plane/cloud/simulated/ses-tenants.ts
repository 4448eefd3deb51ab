import type { CloudPlace } from '../cloud.ts'
import { CloudFailure } from '../failure.ts'
import type { SesTenants } from '../ses-tenants.ts'
import { openIdentities } from './identity-shelf.ts'
import { openConfigurationSets, openSesTenants, type SimulatedTenant } from './ses-shelves.ts'
import { digest, placeKey, type Simulation } from './simulation.ts'

/** CreateTenant: the name. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/

export function simulateSesTenants(simulation: Simulation, place: CloudPlace): SesTenants {
  const shelf = openSesTenants(simulation)
  const key = (tenantName: string) => `${placeKey(place)}${tenantName}`

  async function change(verb: string, tenantName: string, decide: (before: SimulatedTenant) => SimulatedTenant) {
    if ((await shelf.change(key(tenantName), decide)) === undefined)
      throw CloudFailure.gone(`${verb}: NotFoundException`)
  }

  async function assertResource(resourceArn: string): Promise<void> {
    const start = `arn:aws:ses:${place.region}:${place.awsAccountId}:`
    const [kind = '', name = ''] = resourceArn.startsWith(start) ? resourceArn.slice(start.length).split('/') : []
    const isKnown = kind === 'identity' || kind === 'configuration-set'
    if (!isKnown) throw CloudFailure.invalid('CreateTenantResourceAssociation: BadRequestException')
    const found = await (kind === 'identity' ? openIdentities : openConfigurationSets)(simulation).get(key(name))
    if (found === undefined) throw CloudFailure.gone('CreateTenantResourceAssociation: NotFoundException')
  }

  return {
    async create({ tenantName, tags }) {
      if (!NAME.test(tenantName)) throw CloudFailure.invalid('CreateTenant: BadRequestException')
      const tenant = newTenant(place, tenantName, tags)
      if (!(await shelf.insert(key(tenantName), tenant)))
        throw CloudFailure.exists('CreateTenant: AlreadyExistsException')
      return { tenantArn: tenant.tenantArn }
    },
    async read(tenantName) {
      const found = await shelf.get(key(tenantName))
      if (found === undefined) return undefined
      const { tenantArn, sendingStatus, tags } = found
      return { tenantName, tenantArn, sendingStatus, tags }
    },
    async associate({ tenantName, resourceArn }) {
      await assertResource(resourceArn)
      await change('CreateTenantResourceAssociation', tenantName, (before) =>
        before.resourceArns.includes(resourceArn)
          ? before
          : { ...before, resourceArns: [...before.resourceArns, resourceArn] },
      )
    },
    associations: async (tenantName) => (await shelf.get(key(tenantName)))?.resourceArns,
    async dissociate({ tenantName, resourceArn }) {
      await shelf.change(key(tenantName), (before) => ({
        ...before,
        resourceArns: before.resourceArns.filter((arn) => arn !== resourceArn),
      }))
    },
    async setSendingStatus({ tenantArn, status }) {
      await change('UpdateReputationEntityCustomerManagedStatus', nameOf(tenantArn), (before) => ({
        ...before,
        // SES's word for one that was stopped and may send again.
        sendingStatus: status === 'ENABLED' && before.sendingStatus !== 'ENABLED' ? 'REINSTATED' : status,
      }))
    },
    reputationPolicyOf: async (tenantArn) => (await shelf.get(key(nameOf(tenantArn))))?.policy,
    async setReputationPolicy({ tenantArn, policy }) {
      await change('UpdateReputationEntityPolicy', nameOf(tenantArn), (before) => ({ ...before, policy }))
    },
    async delete(tenantName) {
      await shelf.remove(key(tenantName))
    },
  }
}

export function newTenant(
  { region, awsAccountId }: CloudPlace,
  tenantName: string,
  tags: SimulatedTenant['tags'],
): SimulatedTenant {
  const tenantId = `tn-${digest(awsAccountId, region, tenantName).slice(0, 29)}`
  const tenantArn = `arn:aws:ses:${region}:${awsAccountId}:tenant/${tenantName}/${tenantId}`
  return { tenantName, tenantArn, sendingStatus: 'ENABLED', policy: 'standard', tags, resourceArns: [] }
}

function nameOf(tenantArn: string): string {
  return tenantArn.split('/')[1] ?? ''
}
