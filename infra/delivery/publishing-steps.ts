import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { CodeBuildStep, type CodePipelineSource, type ShellStep } from 'aws-cdk-lib/pipelines'
import type { Construct } from 'constructs'
import { RELEASE_PREFIXES, releaseBucketName } from '../stacks/release-stack.ts'
import { asInput } from './cdk-types.ts'
import type { CellSite } from './delivery-settings.ts'
import { publisherRole } from './publisher-role.ts'

/** Every commit is a release of its own, so that none is published twice with different content. */
const VERSION = `"$(node -p 'require("./package.json").version')-g$(printf %.12s "$COMMIT")"`

type Input = { readonly source: CodePipelineSource; readonly synth: ShellStep; readonly cells: readonly CellSite[] }

type Steps = { readonly functions: CodeBuildStep; readonly tenantTemplate: CodeBuildStep }

/** The steps that fill a cell's release bucket: the code before the cell, the tenant template and its manifest after it. */
export function publishingSteps(
  scope: Construct,
  { source, synth, cells }: Input,
): (site: CellSite, bucket: string) => Steps {
  const role = publisherRole(scope, 'Publisher')
  const { buckets, objects } = releaseArns(cells)
  role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [...buckets] }))
  role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [...objects] }))
  const dist = synth.addOutputDirectory('dist')
  const step = (id: string, { region }: CellSite, bucket: string, rest: string) =>
    new CodeBuildStep(id, {
      input: asInput(source),
      additionalInputs: { dist, 'cdk.out': asInput(synth) },
      installCommands: ['npm ci'],
      commands: [`npm run release -- --bucket ${bucket} --region ${region} ${rest}`],
      env: { COMMIT: source.sourceAttribute('CommitId') },
      role,
    })
  return (site, bucket) => ({
    functions: step(`PublishFunctions-${site.name}`, site, bucket, '--functions-only'),
    tenantTemplate: step(
      `PublishTenantTemplate-${site.name}`,
      site,
      bucket,
      `--version ${VERSION} --git-sha "$COMMIT"`,
    ),
  })
}

/** ARNs of the cells' release buckets and of all that is published to them. */
export function releaseArns(cells: readonly CellSite[]): {
  readonly buckets: readonly string[]
  readonly objects: readonly string[]
} {
  const buckets = cells.map(({ awsAccountId, region }) => `arn:aws:s3:::${releaseBucketName(awsAccountId, region)}`)
  return { buckets, objects: buckets.flatMap((bucket) => RELEASE_PREFIXES.map((prefix) => `${bucket}/${prefix}*`)) }
}
