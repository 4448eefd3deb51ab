import type { FunctionBundles } from '#shared/contracts/release.ts'
import { BundledFunction } from '../../constructs/bundled-function.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { ServiceRole } from '../../constructs/service-role.ts'
import type { SharedLogGroup } from '../../constructs/shared-log-group.ts'
import { allow } from '../../constructs/statements.ts'
import { BASELINE_PATH } from './names.ts'

type Props = {
  readonly bundles: FunctionBundles
  readonly releaseBucket: string
  readonly logGroup: SharedLogGroup
  readonly boundaryArn: string
}

/** The account's function that makes a receipt rule set the active one. Its two actions know no resources, so no tenant has them. */
export function ruleSetActivator(
  stack: PlainStack,
  { bundles, releaseBucket, logGroup, boundaryArn }: Props,
): BundledFunction {
  const role = new ServiceRole(stack, 'ActivatorRole', {
    service: 'lambda.amazonaws.com',
    path: BASELINE_PATH,
    permissionsBoundary: boundaryArn,
    statements: [logGroup.writing(), allow(['ses:DescribeActiveReceiptRuleSet', 'ses:SetActiveReceiptRuleSet'], ['*'])],
  })
  return new BundledFunction(stack, 'Activator', {
    name: 'activate-rule-set',
    bundle: builtFunction(bundles, 'activate-rule-set'),
    releaseBucket,
    roleArn: role.attrArn,
    logGroupName: logGroup.ref,
    timeoutSeconds: 60,
    memoryMb: 256,
  })
}

/** Throws when the build left no such function. */
export function builtFunction(bundles: FunctionBundles, name: string): FunctionBundles[string] {
  const bundle = bundles[name]
  if (bundle === undefined) throw new Error(`${name} was not built`)
  return bundle
}
