import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/** Under no path: CodeBuild is given the role by its bare name. */
const NAME = 'baseline-publisher'

/** Known by name, because release buckets of other accounts name it before the pipeline has run once. */
export function publisherRoleArn(awsAccountId: string): string {
  return `arn:aws:iam::${awsAccountId}:role/${NAME}`
}

/** The role of the steps that publish; each bucket's own policy lets it add and forbids it to change. */
export function publisherRole(scope: Construct, id: string): Role {
  return new Role(scope, id, { roleName: NAME, assumedBy: new ServicePrincipal('codebuild.amazonaws.com') })
}
