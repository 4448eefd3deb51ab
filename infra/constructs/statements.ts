import { Aws, type CfnCondition, Fn, type IResolvable } from 'aws-cdk-lib'

/** One statement of an IAM or resource policy, as CloudFormation takes it. */
export type Statement = {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, string>>
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** A statement, or one that a condition of the template decides on. */
export type MaybeStatement = Statement | IResolvable

export function policyDocument(statements: readonly MaybeStatement[]) {
  return { Version: '2012-10-17', Statement: statements }
}

/** What a role may do. */
export function allow(action: readonly string[], resource: readonly string[]): Statement {
  return { Effect: 'Allow', Action: action, Resource: resource }
}

/** Refuses whatever does not come over TLS; `action` such as `sqs:*`. */
export function refuseWithoutTls(action: string, resource: readonly string[]): Statement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: [action],
    Resource: resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
}

/** The statement where the condition holds, `otherwise` (or nothing) where it does not. */
export function when(condition: CfnCondition, statement: Statement, otherwise?: Statement): IResolvable {
  return Fn.conditionIf(condition.logicalId, statement, otherwise ?? Aws.NO_VALUE)
}
