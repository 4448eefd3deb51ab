import { Fn } from 'aws-cdk-lib'
import { arnHere, slot } from '../../constructs/names.ts'

/**
 * Stacks of tenants, and so whatever they name, begin with `convoke-`; those of the baseline with `baseline-`, and their roles and
 * policies lie under a path of their own. What stamps tenants is scoped by the first and cannot reach the second.
 */
export const TENANT_NAMES = 'convoke-*'
export const BASELINE_PATH = '/baseline/'

/** Role of the control plane's engine. */
export const ENGINE_ROLE_NAME = 'baseline-engine'

/** ARN of every resource of tenants' stacks that `resource` names, such as `table/convoke-*`. */
export function tenantArns(service: string, kind: string): string {
  return arnHere(service, `${kind}${TENANT_NAMES}`)
}

/** ARN in a service without regions, such as `iam`. */
export function globalArn(service: string, resource: string): string {
  return Fn.sub(`arn:${slot('AWS::Partition')}:${service}::${slot('AWS::AccountId')}:${resource}`)
}

/** ARN in a service whose ARNs name no account, such as `s3` and `apigateway`. */
export function ownerlessArn(service: string, resource: string): string {
  const region = service === 'apigateway' ? slot('AWS::Region') : ''
  return Fn.sub(`arn:${slot('AWS::Partition')}:${service}:${region}::${resource}`)
}

/** ARN of a role of whatever account; `rolePath` such as `/baseline/*`. */
export function anyAccountsRole(rolePath: string): string {
  return Fn.sub(`arn:${slot('AWS::Partition')}:iam::*:role${rolePath}`)
}
