import { createHash } from 'node:crypto'
import { bundleKey, type ReleaseManifest, templateKey } from '#shared/contracts/release.ts'

/** The baseline that this machine's accounts have. */
const CELL_VERSION = '1.0.0'
const text = (value?: string) => ({ type: 'String', ...(value === undefined ? {} : { default: value }) })

/**
 * The release that the simulated cloud stamps tenants from: the parameters of the tenant template that the engine gives, and no code, which is
 * the tenant runtime's own. A test holds it against the template (`test/infra/local-release.test.ts`).
 */
export function localRelease(patch = 0): ReleaseManifest {
  const version = `1.0.${patch}`
  const parameters = {
    TenantId: text(),
    DomainName: text(),
    Environment: text(),
    Placement: text(),
    ReleaseBucket: text(),
    CertificateArn: text(''),
    HostedZoneId: text(''),
    CellRouterRoleArn: text(''),
    RuleSetActivatorArn: text(''),
    TenantBoundaryArn: text(''),
    DeletionProtection: text('false'),
    AlarmTopicArn: text(''),
    IdentityIsReady: text('false'),
    LicenceKeys: text(''),
    TenantNoticeQueueUrl: text(''),
    SendsPerSecond: text(''),
    SendRateTable: text(''),
  }
  const templateSha256 = createHash('sha256').update(JSON.stringify(parameters)).digest('hex')
  return {
    version,
    gitSha: '0'.repeat(40),
    templateSha256,
    templateKey: templateKey(version, templateSha256),
    parameters,
    cellVersionMin: CELL_VERSION,
    cellVersionMax: CELL_VERSION,
    isBreaking: false,
    functions: { front: { sha256: templateSha256, sizeBytes: 0, handler: bundleKey(templateSha256) } },
  }
}
