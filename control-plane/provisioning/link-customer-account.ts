import { commit } from '#control-plane/core/commit.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { isOurAccount } from '#control-plane/core/placement/is-our-account.ts'
import { type Tenant, TenantFailure } from '#control-plane/core/tenant/tenant.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { wakeStep } from './check-now.ts'
import { newExternalId } from './external-id.ts'
import type { Facts } from './run.ts'
import { currentStep, loadRun } from './run-store.ts'
import { accountOutputs } from './site.ts'
import type { StepName } from './step-names.ts'

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
  if (before.placement !== 'customer' || (await hasBegunThere(ctx, before)))
    throw TenantFailure.wrong_state('The account of this domain cannot be changed.')
  // Our own accounts trust the engine for every tenant in them: in one of those it would work for whoever names it.
  if (await isOurAccount(ctx, input.awsAccountId)) throw TenantFailure.wrong_state('This account is no customer’s.')
  // What was told of an account before is not true of this one.
  const resources = Object.entries(before.resources).filter(([name]) => !accountOutputs.some((one) => one === name))
  const after: Tenant = {
    ...before,
    awsAccountId: input.awsAccountId,
    operatingRoleArn: input.operatingRoleArn,
    // Without it the engine would come as it comes to an account of ours.
    externalId: before.externalId ?? newExternalId(ctx),
    resources: { ...Object.fromEntries(resources), ...input.outputs },
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

/** Steps that make nothing in the account; after them there may be something, also while nobody has written down what. */
const MAKE_NOTHING: readonly StepName[] = ['preflight', 'link_account', 'check_place']

async function hasBegunThere(ctx: Ctx, { tenantId, runId, stackName }: Tenant): Promise<boolean> {
  if (runId === undefined) return stackName !== undefined
  const step = currentStep((await loadRun(ctx, tenantId, runId)).steps)
  return step !== undefined && !MAKE_NOTHING.includes(step.name)
}
