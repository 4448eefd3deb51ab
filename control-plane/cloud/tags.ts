/** Tags of a resource by their key. */
export type Tags = { readonly [key: string]: string }

/** Whose a resource is; only what carries it is ever adopted. */
export const TENANT_TAG = 'cp:tenant'
const RUN_TAG = 'cp:run'

/** What every resource that the engine makes is tagged with, in the same call where the service has it. */
export function ownerTags(owner: { readonly tenantId: string; readonly runId: string }): Tags {
  return { [TENANT_TAG]: owner.tenantId, [RUN_TAG]: owner.runId }
}

/** Of a tenant's stack: CloudFormation hands them on to each resource, so one that differs by the run would make every update touch them all. */
export function stackTags(tenantId: string): Tags {
  return { [TENANT_TAG]: tenantId }
}
