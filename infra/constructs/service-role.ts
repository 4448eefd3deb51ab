import { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { type MaybeStatement, policyDocument } from './statements.ts'

type Props = {
  /** Who takes the role on, such as `lambda.amazonaws.com`. */
  readonly service: string
  readonly statements: readonly MaybeStatement[]
  /** ARN of the policy that bounds whatever the role is given. */
  readonly permissionsBoundary?: string
  /** IAM path, such as `/baseline/`: what may change roles of one path cannot touch those of another. */
  readonly path?: string
  /** Where others trust it by name before it is there; absent: CloudFormation names it. */
  readonly roleName?: string
  /** Conditions of the trust, against another's use of the service as a confused deputy. */
  readonly trustOnlyIf?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** A role of one AWS service with its rights inline: they come and go with it, and a function never starts without them. */
export class ServiceRole extends CfnRole {
  constructor(
    scope: Construct,
    id: string,
    { service, statements, permissionsBoundary, path, roleName, trustOnlyIf }: Props,
  ) {
    super(scope, id, {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: service },
            Action: 'sts:AssumeRole',
            ...(trustOnlyIf === undefined ? {} : { Condition: trustOnlyIf }),
          },
        ],
      },
      policies: [{ policyName: 'rights', policyDocument: policyDocument(statements) }],
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
      ...(path === undefined ? {} : { path }),
      ...(roleName === undefined ? {} : { roleName }),
    })
  }
}
