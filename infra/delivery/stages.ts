import { DefaultStackSynthesizer, type IStackSynthesizer, Stage } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { CellStack } from '../stacks/cell-stack.ts'
import { ControlPlaneStack, engineRoleArn } from '../stacks/control-plane-stack.ts'
import { ReleaseStack, releaseBucketName } from '../stacks/release-stack.ts'
import type { CellSite, DeliverySettings, DeliverySite } from './delivery-settings.ts'
import { publisherRoleArn } from './publisher-role.ts'

/** The pipeline works in other accounts by the roles that bootstrapping left there; the templates do not ask whether it did. */
const deployedBy = () => new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer

const envOf = ({ awsAccountId, region }: DeliverySite) => ({
  account: awsAccountId,
  region,
})

type ControlPlaneProps = { readonly settings: DeliverySettings; readonly bundles: FunctionBundles }

/** The control plane: first the bucket that its code is published to, then itself. */
export class ControlPlaneStage extends Stage {
  readonly release: ReleaseStack
  readonly releaseBucket: string

  constructor(scope: Construct, id: string, { settings, bundles }: ControlPlaneProps) {
    super(scope, id, { env: envOf(settings.controlPlane) })
    const { organizationId, controlPlane, delivery, cells } = settings
    const bucketOf = ({ awsAccountId, region }: DeliverySite) => releaseBucketName(awsAccountId, region)
    this.releaseBucket = bucketOf(controlPlane)
    this.release = new ReleaseStack(this, 'baseline-release', {
      deployedBy: deployedBy(),
      defaults: { organizationId, publisherRoleArn: publisherRoleArn(delivery.awsAccountId) },
    })
    const controlPlaneStack = new ControlPlaneStack(this, 'control-plane', {
      bundles,
      deployedBy: deployedBy(),
      defaults: {
        ReleaseBucket: this.releaseBucket,
        OrganizationId: organizationId,
        // The first cell of a region has the region's bucket; a region without cells has no tenants.
        ReleaseBuckets: [...new Map(cells.toReversed().map((site) => [site.region, bucketOf(site)]))]
          .map(([region, bucket]) => `${region}=${bucket}`)
          .join(','),
        ...controlPlane.parameters,
      },
    })
    controlPlaneStack.addStackDependency(this.release, 'The functions of the control plane come from the bucket.')
  }
}

type CellProps = { readonly settings: DeliverySettings; readonly site: CellSite; readonly bundles: FunctionBundles }

/** One cell: first the bucket that its code is published to, then the cell itself. */
export class CellStage extends Stage {
  readonly release: ReleaseStack
  readonly releaseBucket: string

  constructor(scope: Construct, id: string, { settings, site, bundles }: CellProps) {
    super(scope, id, { env: envOf(site) })
    const { organizationId, controlPlane, delivery } = settings
    this.releaseBucket = releaseBucketName(site.awsAccountId, site.region)
    this.release = new ReleaseStack(this, 'baseline-release', {
      deployedBy: deployedBy(),
      defaults: { organizationId, publisherRoleArn: publisherRoleArn(delivery.awsAccountId) },
    })
    const cell = new CellStack(this, 'baseline-cell', {
      bundles,
      deployedBy: deployedBy(),
      defaults: {
        organizationId,
        releaseBucket: this.releaseBucket,
        engineRoleArn: engineRoleArn(controlPlane.awsAccountId),
        ...(site.alarmTopicArn === undefined ? {} : { alarmTopicArn: site.alarmTopicArn }),
      },
    })
    cell.addStackDependency(this.release, 'The functions of the cell come from the bucket.')
  }
}
