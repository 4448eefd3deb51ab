import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline'
import { Key } from 'aws-cdk-lib/aws-kms'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines'
import type { Construct } from 'constructs'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { acknowledgeDeliveryFindings } from './acknowledged.ts'
import { asBucket, asInput } from './cdk-types.ts'
import type { DeliverySettings } from './delivery-settings.ts'
import { publishingSteps } from './publishing-steps.ts'
import { CellStage, ControlPlaneStage } from './stages.ts'

/** Of package.json; a test holds the two together. */
export const CDK_VERSION = '2.1148.1'

/** Artifacts are copies of what the repository and the release buckets hold. */
const ARTIFACT_DAYS = 30

type Props = { readonly settings: DeliverySettings; readonly bundles: FunctionBundles }

/**
 * The way from a commit to the cells: check, build and synthesise; the code of the control plane and itself; cell by cell the code, the baseline, and at last the
 * tenant template with its manifest. It moves no tenant: that a release exists is all it does for them.
 */
export class DeliveryStack extends Stack {
  constructor(scope: Construct, id: string, { settings, bundles }: Props) {
    const { awsAccountId: account, region } = settings.delivery
    super(scope, id, { env: { account, region }, description: 'Convoke delivery', analyticsReporting: false })
    const { repository, branch, connectionArn } = settings
    const source = CodePipelineSource.connection(repository, branch, { connectionArn })
    const synth = new ShellStep('Synth', {
      input: asInput(source),
      commands: ['npm ci', 'npm run check', 'npm run build', 'npm run synth'],
      primaryOutputDirectory: 'cdk.out',
    })
    const pipeline = new CodePipeline(this, 'Delivery', {
      pipelineType: PipelineType.V2,
      // Self-mutation by the version that is tested here, not by the newest of that day.
      cliVersion: CDK_VERSION,
      synth: asInput(synth),
      artifactBucket: asBucket(this.artifacts()),
      crossAccountKeys: true,
      publishAssetsInParallel: false,
    })
    const steps = publishingSteps(this, { source, synth, settings })
    const controlPlane = new ControlPlaneStage(this, 'ControlPlane', { settings, bundles })
    const known = steps('control-plane', settings.controlPlane, controlPlane.releaseBucket)
    pipeline.addStage(controlPlane, {
      stackSteps: [{ stack: controlPlane.release, pre: [], changeSet: [], post: [known.functions] }],
    })
    for (const site of settings.cells) {
      const stage = new CellStage(this, `Cell-${site.name}`, { settings, site, bundles })
      const { functions, tenantTemplate } = steps(site.name, site, stage.releaseBucket)
      pipeline.addStage(stage, {
        // The functions of the cell itself are in the bucket before the cell asks for them.
        stackSteps: [{ stack: stage.release, pre: [], changeSet: [], post: [functions] }],
        post: [tenantTemplate],
      })
    }
    // The engine hears of a release when every cell's bucket has it.
    pipeline.addWave('Release', { post: [known.tenantTemplate] })
    pipeline.buildPipeline()
    acknowledgeDeliveryFindings(this, settings)
  }

  private artifacts(): Bucket {
    return new Bucket(this, 'Artifacts', {
      encryption: BucketEncryption.KMS,
      encryptionKey: new Key(this, 'ArtifactsKey', { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(ARTIFACT_DAYS) }],
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }
}
