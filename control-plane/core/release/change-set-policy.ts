/** Types that hold what cannot be made again: rows, files, waiting mail, a reputation, a name others know. */
const STATEFUL_TYPES: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::SNS::Topic',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::Tenant',
  'AWS::SES::EmailIdentity',
  'AWS::Route53::HostedZone',
  'AWS::ApiGateway::RestApi',
])

/** What a change set would do to one resource, in CloudFormation's words. */
export type PlannedChange = {
  readonly logicalId: string
  readonly resourceType: string
  readonly action: string
  readonly replacement?: string
}

export type PolicyDecision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly changes: readonly PlannedChange[] }

/**
 * Whether a change set may be executed without a person: it neither takes out nor builds anew what holds state. `Conditional` counts as
 * a replacement, for CloudFormation decides it only while it is executing; so does any action that is not known here.
 */
export function decideChangeSet(changes: readonly PlannedChange[]): PolicyDecision {
  const refused = changes.filter((change) => STATEFUL_TYPES.has(change.resourceType) && !isHarmless(change))
  return refused.length === 0 ? { kind: 'allowed' } : { kind: 'refused', changes: refused }
}

function isHarmless({ action, replacement }: PlannedChange): boolean {
  if (action === 'Add') return true
  return action === 'Modify' && (replacement === undefined || replacement === 'False')
}
