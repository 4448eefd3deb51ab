import { Validations } from 'aws-cdk-lib'
import { type Acknowledged, acknowledge } from '../../constructs/acknowledge.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'

const api = (rule: string, reason: string): Acknowledged => ({ path: 'Api', ruleId: `AwsSolutions-${rule}`, reason })

const wildcard = (path: string, resource: string, reason: string): Acknowledged => ({
  path,
  ruleId: `AwsSolutions-IAM5[Resource::${resource}]`,
  reason,
})

const ONE_OBJECT_EACH =
  'Releases are named by version and hash, so a right can only name their prefix; nothing there is secret.'

/** Every finding of cdk-nag that the control plane is meant to have. */
export function acknowledgeControlFindings(stack: PlainStack): void {
  Validations.of(stack).acknowledge(
    {
      id: 'CloudFormation-Validate::W1030',
      reason: 'Where a parameter is empty, a condition leaves out what it would be used for.',
    },
    {
      id: 'CloudFormation-Validate::W2509',
      reason: 'The ARN of a secret is no secret: what it names is read by the function itself.',
    },
  )
  acknowledge(stack, [
    api(
      'APIG1',
      'An access log needs a role that is one for the whole account; the audit rows say who did what, from where.',
    ),
    api('APIG2', 'The function checks every request against the contract and answers in problem+json.'),
    api('APIG3', 'The stage is throttled, and attempts to sign in are counted by address and person in the table.'),
    api('APIG4', 'Sessions and hashed keys are checked by the function; Stripe signs what it sends.'),
    api('APIG6', 'Execution logs need a role that is one for the whole account; the function logs its failures.'),
    api('COG4', 'There are no user pools: mailed links, passkeys and keys are what the product knows.'),
    wildcard(
      'EngineRole',
      'arn:<AWS::Partition>:iam::*:role/baseline/*',
      'Accounts come and go without a deployment; each decides by its own trust policy, which names this role alone.',
    ),
    wildcard('EngineRole', 'arn:<AWS::Partition>:s3:::<ReleaseBucket>/releases/*', ONE_OBJECT_EACH),
    wildcard('EngineRole', 'arn:<AWS::Partition>:s3:::<ReleaseBucket>/templates/*', ONE_OBJECT_EACH),
  ])
}
