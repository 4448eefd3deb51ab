import { CfnParameter } from 'aws-cdk-lib'
import type { PlainStack } from '../../constructs/plain-stack.ts'

/** What a baseline is told. The pipeline cannot give parameters to the stacks it deploys: it gives these as defaults instead. */
export type BaselineDefaults = {
  readonly releaseBucket?: string
  readonly engineRoleArn?: string
  readonly organizationId?: string
}

export function baselineParameters(stack: PlainStack, defaults: BaselineDefaults) {
  const text = (name: string, allowedPattern: string, description: string, given: string | undefined) =>
    new CfnParameter(stack, name, {
      type: 'String',
      allowedPattern,
      description,
      ...(given === undefined ? {} : { default: given }),
    }).valueAsString
  return {
    releaseBucket: text(
      'ReleaseBucket',
      '^[a-z0-9.-]{3,63}$',
      'Bucket of this region that holds code and templates.',
      defaults.releaseBucket,
    ),
    engineRoleArn: text(
      'EngineRoleArn',
      '^arn:[a-z-]+:iam::[0-9]{12}:role/.+$',
      'Role of the control plane that stamps tenants.',
      defaults.engineRoleArn,
    ),
    organizationId: text(
      'OrganizationId',
      '^o-[a-z0-9]{10,32}$',
      'Organisation whose roles alone are trusted.',
      defaults.organizationId,
    ),
  }
}
