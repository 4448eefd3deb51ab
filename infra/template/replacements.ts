import type { Template } from './template.ts'

export type Replacement = { readonly logicalId: string; readonly type: string; readonly because: string }

/** Types that hold what cannot be made again, and the properties whose change makes CloudFormation build another one. */
const stateful: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
  'AWS::S3::Bucket': ['BucketName', 'BucketNamePrefix', 'BucketNamespace'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
  'AWS::SES::ConfigurationSet': ['Name'],
  'AWS::SES::Tenant': ['TenantName'],
  'AWS::SES::EmailIdentity': ['EmailIdentity'],
  'AWS::Route53::HostedZone': ['Name'],
}

/** Stateful resources of `before` that an update to `after` would replace or take out. */
export function replacements(before: Template, after: Template): readonly Replacement[] {
  return Object.entries(before.Resources).flatMap(([logicalId, { Type, Properties }]) => {
    const names = stateful[Type]
    if (names === undefined) return []
    const replaced = (because: string) => [{ logicalId, type: Type, because }]
    const successor = after.Resources[logicalId]
    if (successor === undefined) return replaced('it is gone')
    if (successor.Type !== Type) return replaced(`it is now ${successor.Type}`)
    return names
      .filter((name) => canonical(Properties[name]) !== canonical(successor.Properties[name]))
      .flatMap((name) => replaced(`${name} differs`))
  })
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
