import { openBuckets, openTables } from './belongings.ts'
import { identityArn } from './identity-shelf.ts'
import { openConfigurationSets, openSesTenants } from './ses-shelves.ts'
import { newTenant } from './ses-tenants.ts'
import { placeKey, type Simulation } from './simulation.ts'
import type { SimulatedStack } from './stack-shelf.ts'

/** What a stack of the tenant template makes outside the host: SES tenant and configuration set, both of the stack's name. */
export async function madeByStack(simulation: Simulation, stack: SimulatedStack): Promise<void> {
  const { stackName, parameters, outputs, place, tags } = stack
  const key = `${placeKey(place)}${stackName}`
  await openConfigurationSets(simulation).insert(key, { configurationSetName: stackName })
  const tenants = openSesTenants(simulation)
  await tenants.insert(key, newTenant(place, stackName, tags))
  const setArn = `arn:aws:ses:${place.region}:${place.awsAccountId}:configuration-set/${stackName}`
  const identity = identityArn(place, parameters.DomainName ?? '')
  const resourceArns = parameters.IdentityIsReady === 'true' ? [setArn, identity] : [setArn]
  await tenants.change(key, (before) => ({
    ...before,
    // Those of the stack come and go with its parameters; what the engine associated by itself stays.
    resourceArns: [...new Set([...before.resourceArns.filter((arn) => arn !== identity), ...resourceArns])],
  }))
  const { TableName, BucketName } = outputs
  const belonging = { tenantId: parameters.TenantId ?? '', isProtected: parameters.DeletionProtection === 'true' }
  if (BucketName !== undefined) await openBuckets(simulation).insert(BucketName, { ...belonging, isProtected: false })
  if (TableName !== undefined && !(await openTables(simulation).insert(TableName, belonging)))
    await openTables(simulation).change(TableName, () => belonging)
}

/** A deleted stack leaves its table and bucket (RetainExceptOnCreate); one that never stood leaves nothing. */
export async function removedWithStack(
  simulation: Simulation,
  { stackName, place, parameters }: SimulatedStack,
  how: 'removed' | 'discarded',
): Promise<void> {
  const key = `${placeKey(place)}${stackName}`
  await openSesTenants(simulation).remove(key)
  await openConfigurationSets(simulation).remove(key)
  if (how === 'removed') return
  const { TenantId } = parameters
  if (TenantId === undefined) return
  await simulation.dataHost.removeBucket(TenantId)
  await simulation.dataHost.removeTable(TenantId)
}
