import { BootstraplessSynthesizer, type CfnElement, type IStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/**
 * A stack whose template stands alone: no bootstrap rule, no assets, no account or region, and logical ids that are the construct's
 * path without a hash, so that moving code between files replaces nothing.
 */
export class PlainStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    props: Pick<StackProps, 'description' | 'stackName'> & {
      /** Of a stack that the pipeline deploys to another account, by the roles that bootstrapping left there. */
      readonly deployedBy?: IStackSynthesizer
    } = {},
  ) {
    // The library's own class declares `bootstrapQualifier` in a way that exactOptionalPropertyTypes refuses.
    const { deployedBy: synthesizer = new BootstraplessSynthesizer() as IStackSynthesizer, ...stackProps } = props
    super(scope, id, { ...stackProps, synthesizer, analyticsReporting: false, suppressTemplateIndentation: true })
  }

  protected override allocateLogicalId(cfnElement: CfnElement): string {
    const path = cfnElement.node.path.slice(this.node.path.length)
    return path.replaceAll(/[^A-Za-z0-9]/g, '')
  }
}
