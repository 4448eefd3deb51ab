import { App } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { DeliverySettings } from '#infra/delivery/delivery-settings.ts'
import { ControlPlaneStage } from '#infra/delivery/stages.ts'
import { Template } from '#infra/template/template.ts'
import { cellBundles, sampleSettings } from './cell-sample.ts'
import { vendorParameters } from './control-sample.ts'

const { ReleaseBucket: _bucket, ReleaseBuckets: _buckets, OrganizationId: _organization, ...own } = vendorParameters
const controlPlane = { ...sampleSettings.controlPlane, parameters: own }

function stageOf(settings: DeliverySettings): ControlPlaneStage {
  return new ControlPlaneStage(new App({ analyticsReporting: false }), 'ControlPlane', {
    settings,
    bundles: cellBundles,
  })
}

describe('the pipeline’s control plane', () => {
  it('is told everything by defaults, because a pipeline can give no parameters', () => {
    const settings = DeliverySettings.parse({ ...sampleSettings, controlPlane })
    const stacks = stageOf(settings).synth().stacks
    const found = stacks.find(({ stackName }) => stackName.endsWith('-control-plane'))
    const { Parameters, Resources } = Template.parse(found?.template)
    expect(Object.keys(Parameters).filter((name) => Parameters[name]?.Default === undefined)).toEqual([])
    expect(Parameters).toMatchObject({
      ReleaseBucket: { Default: 'baseline-release-222222222222-eu-west-1' },
      OrganizationId: { Default: 'o-abcdefghij' },
      // The first cell of a region has the bucket that accounts of that region read.
      ReleaseBuckets: { Default: 'eu-west-1=baseline-release-333333333333-eu-west-1' },
      VendorName: { Default: 'Vendor Inc.' },
    })
    expect(Resources.ControlFrontFunction?.Properties.Code).toMatchObject({ S3Bucket: { Ref: 'ReleaseBucket' } })
    expect(found?.dependencies.map(({ id }) => id)).toContain(
      stacks.find(({ stackName }) => stackName.endsWith('-baseline-release'))?.id,
    )
  })

  it('is refused a parameter that its template does not have, and an account that is a cell’s', () => {
    const misspelt = { ...controlPlane, parameters: { ...own, GracedDays: '20' } }
    expect(() => stageOf(DeliverySettings.parse({ ...sampleSettings, controlPlane: misspelt }))).toThrow('GracedDays')
    const amongCells = { ...controlPlane, awsAccountId: '333333333333' }
    const { error } = DeliverySettings.safeParse({ ...sampleSettings, controlPlane: amongCells })
    expect(error?.issues[0]?.message).toContain('an account of its own')
  })
})
