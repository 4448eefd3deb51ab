import { commit } from '#control-plane/core/commit.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { type Tenant, TenantFailure } from '#control-plane/core/tenant/tenant.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { wakeStep } from './check-now.ts'
import type { Facts } from './run.ts'

/**
 * Takes down which account of the customer's it is, and what its baseline's outputs are. The ExternalId is ours and does not change. Once
 * there is something in an account, it is not changed for another (`tenant.wrong_state`).
 */
export async function linkCustomerAccount(
  ctx: Ctx,
  input: {
    readonly tenantId: string
    readonly awsAccountId: string
    readonly operatingRoleArn: string
    /** executionRoleArn, tenantBoundaryArn, ruleSetActivatorArn, releaseBucket: where they differ from the usual names. */
    readonly outputs?: Facts
  },
): Promise<Tenant> {
  const before = await getTenant(ctx, input.tenantId)
  const { tenantId, licenseeId, runId } = before
  if (before.placement !== 'customer' || before.resources.stackId !== undefined)
    throw TenantFailure.wrong_state('The account of this domain cannot be changed.')
  const after: Tenant = {
    ...before,
    awsAccountId: input.awsAccountId,
    operatingRoleArn: input.operatingRoleArn,
    resources: { ...before.resources, ...input.outputs },
    version: before.version + 1,
  }
  try {
    await commit(ctx, {
      operations: [tenantWrite(before, after)],
      audit: {
        action: 'tenant.account_linked',
        target: { kind: 'tenant', id: tenantId },
        licenseeId,
        tenantId,
        before,
        after,
      },
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed'))
      throw TenantFailure.changed_meanwhile('The domain has changed meanwhile: look again.')
    throw error
  }
  if (runId !== undefined) await wakeStep(ctx, tenantId, runId)
  return after
}
