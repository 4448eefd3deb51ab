import { CfnOutput, type IStackSynthesizer } from 'aws-cdk-lib'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { PlainStack } from '../constructs/plain-stack.ts'
import { BASELINE_PATH } from './baseline/names.ts'

const ENGINE = 'baseline-engine'

/** Known by name, because cells of other accounts trust it before it has done anything. */
export function engineRoleArn(awsAccountId: string): string {
  return `arn:aws:iam::${awsAccountId}:role${BASELINE_PATH}${ENGINE}`
}

/** What stands of the control plane so far: the role of its engine, which may do nothing yet but be trusted. */
export class ControlPlaneStack extends PlainStack {
  constructor(scope: Construct, id: string, { deployedBy }: { readonly deployedBy?: IStackSynthesizer } = {}) {
    super(scope, id, { description: 'Convoke control plane', ...(deployedBy === undefined ? {} : { deployedBy }) })
    const role = new CfnRole(this, 'EngineRole', {
      roleName: ENGINE,
      path: BASELINE_PATH,
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    })
    new CfnOutput(this, 'EngineRoleArn', { value: role.attrArn })
  }
}
