import { forEmulator, Template } from '#test/harness/aws/for-emulator.ts'

/** Not told to conditions: keys of DynamoDB rows, tags of resources, and in SESv2 the tags of a call and whom a mail is from and to. */
const UNTOLD = /dynamodb:LeadingKeys|aws:ResourceTag|"ses:.*aws:RequestTag|ses:FromAddress/
/** Calls whose resource it names otherwise than the service does. */
const MISNAMED =
  /"route53:GetChange"|"iam:SimulatePrincipalPolicy"|"organizations:|"ses:(\w*(Tenant|Reputation)|SendEmail)/

/**
 * A baseline's template whose statements ask for nothing that the emulator (1.5.33) does not tell IAM, because what asks for it would never
 * be allowed. Actions, principals, other conditions and other resources stay as they are published.
 */
export function baselineForEmulator(template: Template): Template {
  return Template.parse(adapted(forEmulator(template)))
}

function adapted(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(adapted)
  if (typeof node !== 'object' || node === null) return node
  const mapped = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, adapted(value)]))
  return 'Effect' in mapped ? adaptedStatement(mapped) : mapped
}

function adaptedStatement(statement: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const text = JSON.stringify({ Action: statement.Action, Condition: statement.Condition })
  const { Condition, ...rest } = statement
  return {
    ...rest,
    ...(Condition === undefined || UNTOLD.test(text) ? {} : { Condition }),
    ...(MISNAMED.test(text) && 'Resource' in statement ? { Resource: '*' } : {}),
  }
}
