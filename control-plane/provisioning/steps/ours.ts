import type { CloudStack } from '#control-plane/cloud/stacks.ts'
import { ownerTags, type Tags, TENANT_TAG } from '#control-plane/cloud/tags.ts'
import { holdsClaim } from '#control-plane/core/domain/domain-claim.ts'
import { findTenant } from '#control-plane/core/tenant/tenant-store.ts'
import type { Observation, Work } from '../step.ts'

/** True for what carries our tag of this tenant: nothing else is ever adopted or deleted. */
export function isOurs(tags: Tags | undefined, tenantId: string): boolean {
  return tags?.[TENANT_TAG] === tenantId
}

/** What stands in the way of removal and is not this tenant's stays; people hear of it, unless it is another tenant's of ours. */
export async function leftAlone(
  { ctx }: Work,
  what: string,
  tags: Tags | undefined,
  gone: readonly string[],
): Promise<Observation> {
  const ownerId = tags?.[TENANT_TAG]
  const isKnown = ownerId !== undefined && (await findTenant(ctx, ownerId)) !== undefined
  return { kind: 'done', gone, ...(isKnown ? {} : { left: `${what}, which does not bear our tags` }) }
}

/** Of a stack that bears no tags, because no change set of it was executed yet: it is empty. */
const UNTAGGED: readonly string[] = ['REVIEW_IN_PROGRESS', 'DELETE_IN_PROGRESS']

/** By its tag; before it has any its name, which is made of the tenant's id, says whose it is. */
export function isOurStack({ status, tags }: Pick<CloudStack, 'status' | 'tags'>, tenantId: string): boolean {
  return isOurs(tags, tenantId) || (UNTAGGED.includes(status) && tags[TENANT_TAG] === undefined)
}

export function tagsOf({ tenant, run }: Work): Tags {
  return ownerTags({ tenantId: tenant.tenantId, runId: run.runId })
}

/** Something of the name is there, and it is not ours: never taken over. */
export function foreign(what: string): Observation {
  return {
    kind: 'stuck',
    code: 'conflict',
    text: `There is ${what} already, without our tags. Remove it or tag it, then try again.`,
    whoActs: 'vendor',
  }
}

/**
 * True for what belongs to a tenant of ours that had the name before this one and lost it: the claim says whose the name is. Its own run lets
 * go of what it holds; a route alone is replaced, in one write.
 */
export async function isLeftBehind({ ctx, tenant }: Work, ownerId: string | undefined): Promise<boolean> {
  if (ownerId === undefined || ownerId === tenant.tenantId || !(await holdsClaim(ctx, tenant))) return false
  return (await findTenant(ctx, ownerId))?.domainName === tenant.domainName
}
