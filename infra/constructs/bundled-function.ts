import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { bundleKey, type FunctionBundles } from '#shared/contracts/release.ts'
import { nameInStack } from './names.ts'

type Props = {
  /** Name within the stack. */
  readonly name: string
  readonly bundle: FunctionBundles[string]
  /** Bucket that holds every bundle under its hash. */
  readonly releaseBucket: string
  readonly roleArn: string
  readonly logGroupName: string
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly environment?: Readonly<Record<string, string>>
  /** It puts the rest of its work on its own queue, within bounds of its own; Lambda would stop that near the 16th hop. */
  readonly continuesItself?: boolean
}

/** A function whose code is a zip of the release, by hash: no asset, no upload, the same template everywhere. */
export class BundledFunction extends CfnFunction {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id, {
      functionName: nameInStack(props.name),
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: props.bundle.handler,
      code: { s3Bucket: props.releaseBucket, s3Key: bundleKey(props.bundle.sha256) },
      role: props.roleArn,
      timeout: props.timeoutSeconds,
      memorySize: props.memoryMb,
      environment: { variables: props.environment ?? {} },
      // Three platform lines for every invocation would cost more than the sweeps themselves; failures and time-outs are WARN.
      loggingConfig: { logGroup: props.logGroupName, logFormat: 'JSON', systemLogLevel: 'WARN' },
      ...(props.continuesItself === true ? { recursiveLoop: 'Allow' } : {}),
    })
  }
}
