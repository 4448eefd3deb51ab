import type { CellInput } from '#control-plane/core/placement/register-cell.ts'
import type { Estate } from '#control-plane/provisioning/context.ts'
import type { ReleaseManifest } from '#shared/contracts/release.ts'

export const REGION = 'eu-west-1'

export function cellInput(at: number, cap: number): CellInput {
  const awsAccountId = String(111_111_111_111 + at)
  const role = (name: string) => `arn:aws:iam::${awsAccountId}:role/baseline/${name}`
  return {
    name: `eu-${at + 1}`,
    awsAccountId,
    region: REGION,
    cap,
    isOpen: true,
    isCanary: false,
    cellVersion: '1.0.0',
    operatingRoleArn: role('operating'),
    executionRoleArn: role('execution'),
    tenantBoundaryArn: `arn:aws:iam::${awsAccountId}:policy/baseline/tenant`,
    routerRoleArn: role('router'),
    cellTableName: 'cell-table',
    sendRateTableName: 'send-rate-table',
    releaseBucket: `release-${REGION}`,
  }
}

export const accountBaseline: Estate['accountBaseline'] = ({ awsAccountId, region }) => ({
  operatingRoleArn: `arn:aws:iam::${awsAccountId}:role/baseline/operating`,
  executionRoleArn: `arn:aws:iam::${awsAccountId}:role/baseline/execution`,
  tenantBoundaryArn: `arn:aws:iam::${awsAccountId}:policy/baseline/tenant`,
  ruleSetActivatorArn: `arn:aws:lambda:${region}:${awsAccountId}:function:activate-rule-set`,
  releaseBucket: `release-${region}`,
  cellVersion: '1.0.0',
})

const optional = [
  'CertificateArn',
  'HostedZoneId',
  'CellRouterRoleArn',
  'RuleSetActivatorArn',
  'TenantBoundaryArn',
  'AlarmTopicArn',
  'LicenceKeys',
  'TenantNoticeQueueUrl',
  'SendsPerSecond',
  'SendRateTable',
]

/** A manifest with the parameters of the tenant template (`infra/stacks/tenant/parameters.ts`). */
export function releaseManifest(version: string): ReleaseManifest {
  const required = ['TenantId', 'DomainName', 'Environment', 'Placement', 'ReleaseBucket']
  const parameters = {
    ...Object.fromEntries(required.map((name) => [name, { type: 'String' }])),
    ...Object.fromEntries(optional.map((name) => [name, { type: 'String', default: '' }])),
    DeletionProtection: { type: 'String', default: 'false', allowedValues: ['true', 'false'] },
    IdentityIsReady: { type: 'String', default: 'false', allowedValues: ['true', 'false'] },
  }
  const digit = version.replaceAll(/\D/g, '').slice(0, 1)
  const templateSha256 = digit.repeat(64)
  return {
    version,
    gitSha: digit.repeat(40),
    templateSha256,
    templateKey: `templates/${version}/${templateSha256}.json`,
    parameters,
    cellVersionMin: '1.0.0',
    cellVersionMax: '1.999.999',
    isBreaking: false,
    functions: {},
  }
}
