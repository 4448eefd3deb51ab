import type { ActivationRequest } from '#shared/contracts/custom-resource.ts'
import { defineFailures } from '#shared/errors/failure.ts'
import type { ReceiptRuleSets } from '#shared/platform/receipt-rule-sets.ts'

export const ActivationFailure = defineFailures('activation', {
  /** Mail of somebody else would stop: a person has to decide. */
  other_active: { status: 409, retry: false },
})

/** Done anew for every request, whatever was done before: the outcome is the same however often CloudFormation asks. */
export async function activateRuleSet(ruleSets: ReceiptRuleSets, asked: ActivationRequest): Promise<void> {
  const { RuleSetName } = asked.ResourceProperties
  const active = await ruleSets.active()
  if (asked.RequestType === 'Delete') {
    // After a replacement the active one is the successor, and after a refusal it is somebody else's.
    if (active === RuleSetName) await ruleSets.deactivate()
    return
  }
  if (active === RuleSetName) return
  const isFree =
    active === undefined || (asked.RequestType === 'Update' && active === asked.OldResourceProperties.RuleSetName)
  if (!isFree)
    throw ActivationFailure.other_active(
      `The receipt rule set "${active}" is active in this account and region, and SES allows one. It is not ours, so it was left alone: deactivate it, or deploy where none is active.`,
    )
  await ruleSets.activate(RuleSetName)
}

/** The same for the same rule set, so that CloudFormation deletes the old one only when it is another. */
export function activationId(asked: ActivationRequest): string {
  return `receipt-rule-set/${asked.ResourceProperties.RuleSetName}`
}
