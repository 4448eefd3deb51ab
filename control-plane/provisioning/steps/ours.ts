import type { CloudStack } from '#control-plane/cloud/stacks.ts'
import { ownerTags, type Tags, TENANT_TAG } from '#control-plane/cloud/tags.ts'
import type { Observation, Work } from '../step.ts'

/** True for what carries our tag of this tenant: nothing else is ever adopted or deleted. */
export function isOurs(tags: Tags | undefined, tenantId: string): boolean {
  return tags?.[TENANT_TAG] === tenantId
}

/** A stack in review is empty and bears no tags before its first change set is executed; its name, which is made of the tenant's id, says whose it is. */
export function isOurStack({ status, tags }: Pick<CloudStack, 'status' | 'tags'>, tenantId: string): boolean {
  return status === 'REVIEW_IN_PROGRESS' || isOurs(tags, tenantId)
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
