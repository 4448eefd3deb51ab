import { CfnOutput, CfnParameter, Fn } from 'aws-cdk-lib'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { POOL_TAG } from '#shared/contracts/account-baseline.ts'
import { acknowledge } from '../constructs/acknowledge.ts'
import { slot } from '../constructs/names.ts'
import { PlainStack } from '../constructs/plain-stack.ts'
import { allow, policyDocument, type Statement } from '../constructs/statements.ts'
import type { Template } from '../template/template.ts'
import { accountStackSet } from './baseline/account-stack-set.ts'
import { verbs } from './baseline/execution-rights.ts'
import { withinOrganization } from './baseline/tenant-operations.ts'

/** Outside `/baseline/`, which the engine may take on anywhere: this one is named to it by itself. */
const VENDING_PATH = '/vending/'
const VENDING_ROLE = 'account-vending'

/**
 * What stands of us in the management account, which has no workloads: the role by which the engine makes accounts, moves them from the
 * root to their unit, and closes those it has made; and the stack set that gives accounts of that unit their baseline. Deployed by a person.
 */
export class ManagementStack extends PlainStack {
  constructor(scope: Construct, id: string, { accountTemplate }: { readonly accountTemplate: Template }) {
    super(scope, id, { description: 'Convoke account vending' })
    const text = (name: string, allowedPattern: string, description: string) =>
      new CfnParameter(this, name, { type: 'String', allowedPattern, description }).valueAsString
    const engineRoleArn = text(
      'EngineRoleArn',
      '^arn:[a-z-]+:iam::[0-9]{12}:role/.+$',
      'Role of the control plane that asks for accounts.',
    )
    const organizationId = text('OrganizationId', '^o-[a-z0-9]{10,32}$', 'The organisation that this account manages.')
    text('RootParent', '^r-[0-9a-z]{4,32}$', 'Its root, where accounts come to be.')
    const organizationalUnitId = text(
      'DedicatedParent',
      '^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$',
      'The unit of accounts that the engine makes.',
    )
    accountStackSet(this, { accountTemplate, engineRoleArn, organizationId, organizationalUnitId })
    const role = new CfnRole(this, 'VendingRole', {
      roleName: VENDING_ROLE,
      path: VENDING_PATH,
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: engineRoleArn },
            Action: 'sts:AssumeRole',
            Condition: withinOrganization(organizationId),
          },
        ],
      },
      policies: [{ policyName: 'rights', policyDocument: policyDocument(vendingRights()) }],
    })
    new CfnOutput(this, 'ManagementRoleArn', { value: role.attrArn })
    acknowledge(this, [
      {
        path: 'VendingRole',
        ruleId: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'What is being made, and lists of the organisation, have no ARN that IAM knows.',
      },
      {
        path: 'VendingRole',
        ruleId: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:organizations::<AWS::AccountId>:account/<OrganizationId>/*]`,
        reason: 'Accounts have their ids from AWS; only those that bear the tag of the pool are moved or closed.',
      },
    ])
  }
}

function vendingRights(): readonly Statement[] {
  const accounts = [ofOrganization('account', '*')]
  const isBeingPooled = { Null: { [`aws:RequestTag/${POOL_TAG}`]: 'false' } }
  const isPooled = { Null: { [`aws:ResourceTag/${POOL_TAG}`]: 'false' } }
  return [
    allow(verbs('organizations', 'DescribeCreateAccountStatus ListAccounts ListCreateAccountStatus'), ['*']),
    { ...allow(['organizations:CreateAccount'], ['*']), Condition: isBeingPooled },
    { ...allow(['organizations:TagResource'], accounts), Condition: isBeingPooled },
    allow(verbs('organizations', 'DescribeAccount ListParents ListTagsForResource'), accounts),
    { ...allow(verbs('organizations', 'CloseAccount MoveAccount'), accounts), Condition: isPooled },
    // A move names three resources, and each must be allowed: from the root to the unit, and nowhere else.
    allow(
      ['organizations:MoveAccount'],
      [ofOrganization('root', slot('RootParent')), ofOrganization('ou', slot('DedicatedParent'))],
    ),
  ]
}

/** ARN of a resource of the organisation, which is its management account's. */
function ofOrganization(kind: 'account' | 'ou' | 'root', name: string): string {
  const organization = slot('OrganizationId')
  return Fn.sub(
    `arn:${slot('AWS::Partition')}:organizations::${slot('AWS::AccountId')}:${kind}/${organization}/${name}`,
  )
}
