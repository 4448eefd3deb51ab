import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { CodeBuildStep, type CodePipelineSource, type ShellStep } from 'aws-cdk-lib/pipelines'
import type { Construct } from 'constructs'
import { RELEASE_PREFIXES, releaseBucketName } from '../stacks/release-stack.ts'
import { asInput } from './cdk-types.ts'
import type { DeliverySettings, DeliverySite } from './delivery-settings.ts'
import { publisherRole } from './publisher-role.ts'

/** Every commit is a release of its own, so that none is published twice with different content. */
const VERSION = `"$(node -p 'require("./package.json").version')-g$(printf %.12s "$COMMIT")"`

type Input = {
  readonly source: CodePipelineSource
  readonly synth: ShellStep
  readonly settings: DeliverySettings
}

type Steps = { readonly functions: CodeBuildStep; readonly tenantTemplate: CodeBuildStep }

/** The steps that fill a site's release bucket: the code before what runs it, the tenant template and its manifest after a cell. */
export function publishingSteps(
  scope: Construct,
  { source, synth, settings }: Input,
): (name: string, site: DeliverySite, bucket: string) => Steps {
  const role = publisherRole(scope, 'Publisher')
  const { buckets, objects } = releaseArns(settings)
  role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [...buckets] }))
  role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [...objects] }))
  const dist = synth.addOutputDirectory('dist')
  const step = (id: string, { region }: DeliverySite, bucket: string, rest: string) =>
    new CodeBuildStep(id, {
      input: asInput(source),
      additionalInputs: { dist, 'cdk.out': asInput(synth) },
      installCommands: ['npm ci'],
      commands: [`npm run release -- --bucket ${bucket} --region ${region} ${rest}`],
      env: { COMMIT: source.sourceAttribute('CommitId') },
      role,
    })
  return (name, site, bucket) => ({
    functions: step(`PublishFunctions-${name}`, site, bucket, '--functions-only'),
    tenantTemplate: step(`PublishTenantTemplate-${name}`, site, bucket, `--version ${VERSION} --git-sha "$COMMIT"`),
  })
}

/** ARNs of the release buckets and of all that is published to them. */
export function releaseArns({ controlPlane, cells }: Pick<DeliverySettings, 'controlPlane' | 'cells'>): {
  readonly buckets: readonly string[]
  readonly objects: readonly string[]
} {
  const buckets = [controlPlane, ...cells].map(
    ({ awsAccountId, region }) => `arn:aws:s3:::${releaseBucketName(awsAccountId, region)}`,
  )
  return { buckets, objects: buckets.flatMap((bucket) => RELEASE_PREFIXES.map((prefix) => `${bucket}/${prefix}*`)) }
}
