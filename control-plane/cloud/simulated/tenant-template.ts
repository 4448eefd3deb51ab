import type { ReleaseManifest } from '#shared/contracts/release.ts'
import type { TemplateSource } from './simulation.ts'
import type { TemplateFacts } from './template-facts.ts'

/** The kinds of resources by which the tenant template is told apart here; what is stateful is among them. */
const RESOURCES = {
  Table: { type: 'AWS::DynamoDB::Table', parameters: ['DeletionProtection'] },
  Bucket: { type: 'AWS::S3::Bucket', parameters: [] },
  ReaderRole: { type: 'AWS::IAM::Role', parameters: [] },
  SenderRole: { type: 'AWS::IAM::Role', parameters: [] },
  Api: { type: 'AWS::ApiGateway::RestApi', parameters: [] },
  ConfigurationSet: { type: 'AWS::SES::ConfigurationSet', parameters: [] },
  SesTenant: { type: 'AWS::SES::Tenant', parameters: ['IdentityIsReady'] },
  /** Their environment has every parameter that nothing else has. */
  Functions: { type: 'AWS::Lambda::Function', parameters: [] },
  WildcardDomain: { type: 'AWS::ApiGateway::DomainName', parameters: ['CertificateArn'], onlyWith: 'CertificateArn' },
  WildcardRecords: { type: 'AWS::Route53::RecordSet', parameters: ['HostedZoneId'], onlyWith: 'HostedZoneId' },
} as const

/** What CloudFormation would read out of a release of the tenant template. */
export function tenantTemplateFacts({
  version,
  templateSha256,
  parameters,
}: Pick<ReleaseManifest, 'version' | 'templateSha256' | 'parameters'>): TemplateFacts {
  const used = new Set<string>(Object.values(RESOURCES).flatMap((row) => row.parameters))
  const others = Object.keys(parameters).filter((name) => !used.has(name))
  const resources = Object.entries(RESOURCES).map(([logicalId, { type, parameters: uses, ...row }]) => [
    logicalId,
    {
      type,
      // Functions change with each release, the rest seldom.
      digest: logicalId === 'Functions' ? templateSha256 : type,
      fixedDigest: '',
      parameters: logicalId === 'Functions' ? others : [...uses],
      ...row,
    },
  ])
  return { version, parameters, resources: Object.fromEntries(resources) }
}

/** Templates of releases whose manifests somebody keeps; a URL ends with the manifest's template key. */
export function templatesOfReleases(readReleases: () => Promise<readonly ReleaseManifest[]>): TemplateSource {
  return {
    async read(templateUrl) {
      const found = (await readReleases()).find(({ templateKey }) => templateUrl.endsWith(`/${templateKey}`))
      return found && tenantTemplateFacts(found)
    },
  }
}
