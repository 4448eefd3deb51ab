import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import type { ReleaseManifest } from '#shared/contracts/release.ts'
import type { Estate, ProvisioningCtx } from '../context.ts'
import type { Facts } from '../run.ts'
import type { Site } from '../site.ts'

/** `first`: born without anything that waits for a person. `whole`: with certificate and identity. `bare`: what is left before it goes. */
export type StackPhase = 'first' | 'whole' | 'bare'

type Input = {
  readonly tenant: Tenant
  readonly site: Site
  readonly facts: Facts
  readonly estate: Pick<Estate, 'environment' | 'noticeQueueUrl'>
  readonly licenceKeys: ProvisioningCtx['licenceKeys']
  readonly phase: StackPhase
}

/** Parameters of the tenant template in a phase of its life; those that the release does not know are left out. */
export function stackParameters({ manifest, ...input }: Input & { readonly manifest: ReleaseManifest }): Facts {
  return Object.fromEntries(Object.entries(allParameters(input)).filter(([name]) => name in manifest.parameters))
}

/** All that the engine has to say to a template. */
export function allParameters({ tenant, site, facts, estate, licenceKeys, phase }: Input): Facts {
  const isWhole = phase === 'whole'
  return {
    TenantId: tenant.tenantId,
    DomainName: tenant.domainName,
    Environment: estate.environment,
    Placement: tenant.placement,
    ReleaseBucket: site.releaseBucket,
    TenantBoundaryArn: site.tenantBoundaryArn,
    CellRouterRoleArn: site.routerRoleArn ?? '',
    RuleSetActivatorArn: site.ruleSetActivatorArn ?? '',
    AlarmTopicArn: site.alarmTopicArn ?? '',
    SendsPerSecond: facts.sendsPerSecond ?? '',
    SendRateTable: site.sendRateTableName ?? '',
    CertificateArn: isWhole ? (facts.certificateArn ?? '') : '',
    HostedZoneId: isWhole ? (facts.hostedZoneId ?? '') : '',
    IdentityIsReady: String(isWhole),
    // A failed creation must leave nothing behind; what lives is protected until its time of keeping is over.
    DeletionProtection: String(phase !== 'first'),
    LicenceKeys: JSON.stringify(licenceKeys),
    // A customer's account is outside of the organisation, and the queue takes nothing from there.
    TenantNoticeQueueUrl: tenant.placement === 'customer' ? '' : (estate.noticeQueueUrl ?? ''),
  }
}
