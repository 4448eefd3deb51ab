import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stage } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { DeliverySettings } from '#infra/delivery/delivery-settings.ts'
import { CDK_VERSION, DeliveryStack } from '#infra/delivery/delivery-stack.ts'
import { CellStage } from '#infra/delivery/stages.ts'
import { nagReport } from '#infra/nag.ts'
import { createApp, templatesOf } from '#infra/synthesise.ts'
import { resourcesOf, Template } from '#infra/template/template.ts'
import { cellBundles, sampleSettings } from './cell-sample.ts'

const app = createApp()
const delivery = new DeliveryStack(app, 'delivery', { settings: sampleSettings, bundles: cellBundles })
const [top] = templatesOf(app)
const template = top?.template ?? Template.parse({ Resources: {} })

const Action = z.object({ Name: z.string(), RunOrder: z.number() })
const Pipeline = z.object({
  PipelineType: z.string(),
  Stages: z.array(z.object({ Name: z.string(), Actions: z.array(Action) })),
  ArtifactStore: z.unknown(),
})
const pipeline = Pipeline.parse(resourcesOf(template, 'AWS::CodePipeline::Pipeline')[0]?.[1].Properties)

/** Actions of a stage in the order in which they run. */
function orderIn(stageName: string): readonly string[] {
  const stage = pipeline.Stages.find(({ Name }) => Name === stageName)
  return (stage?.Actions ?? []).toSorted((a, b) => a.RunOrder - b.RunOrder).map(({ Name }) => Name)
}

/** What a CodeBuild project runs, as one text. */
function buildspecOf(part: string): string {
  const [project] = resourcesOf(template, 'AWS::CodeBuild::Project').filter(([id]) => id.includes(part))
  return JSON.stringify(project?.[1].Properties.Source)
}

describe('the delivery pipeline', () => {
  it('is of version 2 and goes from the source by way of the control plane to cell after cell', () => {
    expect(pipeline.PipelineType).toBe('V2')
    expect(pipeline.Stages.map(({ Name }) => Name)).toEqual([
      'Source',
      'Build',
      'UpdatePipeline',
      'ControlPlane',
      'Cell-canary',
      'Cell-one',
      'Release',
    ])
  })

  it('publishes the code after its bucket and before the cell, and the tenant template after the cell', () => {
    for (const { name } of sampleSettings.cells)
      expect(orderIn(`Cell-${name}`)).toEqual([
        'baseline-release.Prepare',
        'baseline-release.Deploy',
        `baseline-release.PublishFunctions-${name}`,
        'baseline-cell.Prepare',
        'baseline-cell.Deploy',
        `PublishTenantTemplate-${name}`,
      ])
  })

  it('publishes the code of the control plane before it, and tells the engine of a release when every cell has it', () => {
    expect(orderIn('ControlPlane')).toEqual([
      'baseline-release.Prepare',
      'baseline-release.Deploy',
      'baseline-release.PublishFunctions-control-plane',
      'control-plane.Prepare',
      'control-plane.Deploy',
    ])
    expect(orderIn('Release')).toEqual(['PublishTenantTemplate-control-plane'])
    expect(buildspecOf('PublishFunctionscontrolplane')).toContain(
      'npm run release -- --bucket baseline-release-222222222222-eu-west-1 --region eu-west-1 --functions-only',
    )
  })

  it('checks before it builds, builds before it synthesises, and publishes each commit under a version of its own', () => {
    const synth = buildspecOf('Synth')
    const steps = ['npm ci', 'npm run check', 'npm run build', 'npm run synth'].map((step) =>
      synth.indexOf(`\\"${step}\\"`),
    )
    expect(steps.every((at, index) => at > (steps[index - 1] ?? 0))).toBe(true)
    expect(buildspecOf('PublishFunctionscanary')).toContain(
      'npm run release -- --bucket baseline-release-333333333333-eu-west-1 --region eu-west-1 --functions-only',
    )
    const publish = buildspecOf('PublishTenantTemplateone')
    expect(publish).toContain(
      'npm run release -- --bucket baseline-release-444444444444-eu-west-1 --region eu-west-1 --version',
    )
    expect(publish).toContain('--git-sha')
  })

  it('changes itself by the version of the CDK that this checkout has', () => {
    const file = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
    expect(file).toContain(`"aws-cdk": "${CDK_VERSION}"`)
    expect(JSON.stringify(template)).toContain(`aws-cdk@${CDK_VERSION}`)
  })

  it('reads the repository by its connection and keeps no secret', () => {
    expect(JSON.stringify(template)).toContain(sampleSettings.connectionArn)
    expect(JSON.stringify(template)).not.toMatch(/SecretString|OAuthToken|resolve:/)
  })

  it('encrypts artifacts by a key that rotates, over TLS, and ends them', () => {
    const [[, bucket] = [], ...more] = resourcesOf(template, 'AWS::S3::Bucket')
    expect(more).toEqual([])
    expect(JSON.stringify(bucket?.Properties.BucketEncryption)).toContain('"SSEAlgorithm":"aws:kms"')
    expect(bucket?.Properties).toMatchObject({
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
    })
    expect(resourcesOf(template, 'AWS::KMS::Key')[0]?.[1].Properties).toMatchObject({ EnableKeyRotation: true })
    expect(JSON.stringify(resourcesOf(template, 'AWS::S3::BucketPolicy'))).toContain('"aws:SecureTransport":"false"')
    expect(pipeline.ArtifactStore).toMatchObject({ Type: 'S3', EncryptionKey: { Type: 'KMS' } })
  })

  it('gives the cells what they cannot be told as parameters', () => {
    const stage = delivery.node.findChild('Cell-canary')
    const cell = cellOf(stage instanceof CellStage ? stage : undefined)
    expect(cell.Parameters).toMatchObject({
      ReleaseBucket: { Default: 'baseline-release-333333333333-eu-west-1' },
      EngineRoleArn: { Default: 'arn:aws:iam::222222222222:role/baseline/baseline-engine' },
      OrganizationId: { Default: 'o-abcdefghij' },
    })
    expect(JSON.stringify(cell)).not.toMatch(/BootstrapVersion|AssetParameters/)
  })

  it('has no finding of cdk-nag that nobody acknowledged, in itself or in any stage', () => {
    const report = nagReport(app)
    expect(report.unsuppressed).toEqual([])
    expect(report.idle).toEqual([])
    for (const { reason } of report.suppressed) expect(reason).toMatch(/^.{40,}\.$/)
  })
})

describe('the settings of delivery', () => {
  it('are refused when a place or a name is none', () => {
    expect(DeliverySettings.parse(sampleSettings)).toEqual(sampleSettings)
    for (const wrong of [{ organizationId: 'x' }, { cells: [] }, { connectionArn: 'arn' }, { secret: 'x' }])
      expect(DeliverySettings.safeParse({ ...sampleSettings, ...wrong }).success).toBe(false)
  })
})

function cellOf(stage: Stage | undefined): Template {
  const found = stage?.synth().stacks.find(({ stackName }) => stackName.endsWith('baseline-cell'))
  return Template.parse(found?.template)
}
