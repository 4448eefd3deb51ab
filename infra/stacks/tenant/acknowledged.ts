import { Validations } from 'aws-cdk-lib'
import { type Acknowledged, acknowledge } from '../../constructs/acknowledge.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'

const general: readonly Acknowledged[] = [
  {
    path: 'Bucket',
    ruleId: 'AwsSolutions-S1',
    reason:
      'Only functions of this stack read it and each logs what it does; an access log would hold recipients longer than the mail.',
  },
  {
    path: 'Api',
    ruleId: 'AwsSolutions-APIG1',
    reason:
      'An access log needs a role that is one for the whole account, and would keep addresses and links of strangers.',
  },
  {
    path: 'Api',
    ruleId: 'AwsSolutions-APIG2',
    reason: 'The function checks every request against the contract and answers in problem+json.',
  },
  {
    path: 'Api',
    ruleId: 'AwsSolutions-APIG3',
    reason: 'A web ACL costs 5 USD a tenant and month; budgets by address are kept by the function.',
  },
  {
    path: 'Api',
    ruleId: 'AwsSolutions-APIG4',
    reason: 'Our hashed keys are the only credential and the function checks them; pages are public.',
  },
  {
    path: 'Api',
    ruleId: 'AwsSolutions-APIG6',
    reason: 'Execution logs need a role that is one for the whole account; the function logs its failures.',
  },
  {
    path: 'Api',
    ruleId: 'AwsSolutions-COG4',
    reason: 'There are no user pools: keys and single-use links are what the product knows.',
  },
]

const ONE_OBJECT_EACH =
  'Keys are made at run time, so a right can only name their prefix; the bucket is the tenant’s alone.'

/** Every finding of cdk-nag that the tenant stack is meant to have. */
export function acknowledgeTenantFindings(stack: PlainStack): void {
  const wildcard = (path: string, resource: string, reason: string): Acknowledged => ({
    path,
    ruleId: `AwsSolutions-IAM5[Resource::${resource}]`,
    reason,
  })
  Validations.of(stack).acknowledge({
    id: 'CloudFormation-Validate::W1030',
    reason: 'Where a parameter is empty, a condition leaves out what it would be used for.',
  })
  const templates = '<Bucket.Arn>/<TemplatesPrefix>*'
  acknowledge(stack, [
    ...general,
    wildcard('ReaderRole', '<Bucket.Arn>/inbound/*', ONE_OBJECT_EACH),
    wildcard('ReaderRole', '<Bucket.Arn>/events/*', ONE_OBJECT_EACH),
    wildcard('ReaderRole', '<Bucket.Arn>/tombstones/*', ONE_OBJECT_EACH),
    wildcard('ReaderRole', '<Bucket.Arn>/probes/*', ONE_OBJECT_EACH),
    wildcard('ReaderRole', '<Bucket.Arn>/lists/*', ONE_OBJECT_EACH),
    wildcard('FrontRole', '<Bucket.Arn>/lists/*', ONE_OBJECT_EACH),
    wildcard('SenderRole', '<Bucket.Arn>/events/*', ONE_OBJECT_EACH),
    wildcard('SenderRole', templates, 'The tenant names the prefix of its templates, not each file.'),
    wildcard(
      'SenderRole',
      'arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:tenant/<AWS::StackName>/*',
      'SES adds a part of its own to the ARN of the tenant, and CloudFormation does not tell it.',
    ),
    wildcard('CaretakerRole', '<Bucket.Arn>/inbound/*', ONE_OBJECT_EACH),
    wildcard('FrontRole', '<Bucket.Arn>/events/*', ONE_OBJECT_EACH),
  ])
}
