import { CfnElement, type Stack } from 'aws-cdk-lib'
import { CfnProject } from 'aws-cdk-lib/aws-codebuild'
import { type Acknowledged, acknowledge } from '../constructs/acknowledge.ts'
import type { DeliverySettings } from './delivery-settings.ts'
import { releaseArns } from './publishing-steps.ts'

const OF_THE_CDK = 'CDK Pipelines gives its own roles these rights, on the artifact bucket and its key alone.'
const OWN_PROJECT = 'CodeBuild names streams and reports of its own project when it runs.'

const finding = (path: string, what: string, reason: string): Acknowledged => ({
  path,
  ruleId: `AwsSolutions-IAM5[${what}]`,
  reason,
})

const READS = ['s3:GetObject*', 's3:GetBucket*', 's3:List*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*']
const WRITES = ['s3:DeleteObject*', 's3:Abort*']

/** Every finding of cdk-nag that the delivery pipeline is meant to have. */
export function acknowledgeDeliveryFindings(stack: Stack, settings: DeliverySettings): void {
  const artifacts = `Resource::<${logicalIdOf(stack, 'Artifacts')}.Arn>/*`
  const selfMutation = 'Delivery/UpdatePipeline/SelfMutation'
  acknowledge(stack, [
    {
      path: 'Artifacts',
      ruleId: 'AwsSolutions-S1',
      reason: 'Artifacts are copies that end after 30 days; who used the pipeline is in CloudTrail.',
    },
    ...['Delivery', 'Publisher'].flatMap((path) => [
      ...READS.map((action) => finding(path, `Action::${action}`, OF_THE_CDK)),
      finding(path, artifacts, OF_THE_CDK),
    ]),
    ...WRITES.map((action) => finding('Delivery', `Action::${action}`, OF_THE_CDK)),
    ...projectFindings(stack),
    ...releaseArns(settings).objects.map((resource) =>
      finding(
        'Publisher',
        `Resource::${resource}`,
        'Objects are named by their hash, so a right can only name their prefix.',
      ),
    ),
    finding(
      selfMutation,
      `Resource::arn:*:iam::${settings.delivery.awsAccountId}:role/*`,
      'CDK Pipelines takes on the bootstrapped roles, which a condition on their tag picks.',
    ),
    finding(
      selfMutation,
      'Resource::*',
      'CDK Pipelines looks at stacks and bootstrap buckets whose names it does not know.',
    ),
  ])
}

function projectFindings(stack: Stack): readonly Acknowledged[] {
  const { account, region } = stack
  return stack.node
    .findAll()
    .filter((construct) => CfnProject.isCfnProject(construct))
    .flatMap((project) => {
      const name = `<${stack.getLogicalId(project)}>`
      const path = project.node.path.includes('Publish') ? 'Publisher' : 'Delivery'
      return [
        finding(
          path,
          `Resource::arn:<AWS::Partition>:logs:${region}:${account}:log-group:/aws/codebuild/${name}:*`,
          OWN_PROJECT,
        ),
        finding(
          path,
          `Resource::arn:<AWS::Partition>:codebuild:${region}:${account}:report-group/${name}-*`,
          OWN_PROJECT,
        ),
      ]
    })
}

function logicalIdOf(stack: Stack, id: string): string {
  const element = stack.node.findChild(id).node.defaultChild
  if (element === undefined || !CfnElement.isCfnElement(element)) throw new Error(`${id} is not in the stack`)
  return stack.getLogicalId(element)
}
