import { Validations } from 'aws-cdk-lib'
import type { Construct, IConstruct } from 'constructs'

/** A finding of cdk-nag that is meant to be so: where, which rule, and the reason in one sentence. */
export type Acknowledged = { readonly path: string; readonly ruleId: string; readonly reason: string }

/** Tells cdk-nag of each finding; throws for a path that is not there, so that the list stays true. */
export function acknowledge(scope: Construct, findings: readonly Acknowledged[]): void {
  for (const { path, ruleId, reason } of findings)
    Validations.of(path.split('/').reduce((at: IConstruct, id) => at.node.findChild(id), scope)).acknowledge({
      id: ruleId,
      reason,
    })
}
