import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import type { ReleaseManifest } from '#shared/contracts/release.ts'
import type { Facts } from '../run.ts'
import type { Site } from '../site.ts'

/** `first`: born without anything that waits for a person. `whole`: with certificate and identity. `bare`: what is left before it goes. */
export type StackPhase = 'first' | 'whole' | 'bare'

/** Parameters of the tenant template in a phase of its life; those that the release does not know are left out. */
export function stackParameters(input: {
  readonly tenant: Tenant
  readonly site: Site
  readonly facts: Facts
  readonly environment: string
  readonly phase: StackPhase
  readonly manifest: ReleaseManifest
}): Facts {
  const { tenant, site, facts, environment, phase, manifest } = input
  const isWhole = phase === 'whole'
  const all: Facts = {
    TenantId: tenant.tenantId,
    DomainName: tenant.domainName,
    Environment: environment,
    Placement: tenant.placement,
    ReleaseBucket: site.releaseBucket,
    TenantBoundaryArn: site.tenantBoundaryArn,
    CellRouterRoleArn: site.routerRoleArn ?? '',
    RuleSetActivatorArn: site.ruleSetActivatorArn ?? '',
    AlarmTopicArn: site.alarmTopicArn ?? '',
    CertificateArn: isWhole ? (facts.certificateArn ?? '') : '',
    HostedZoneId: isWhole ? (facts.hostedZoneId ?? '') : '',
    IdentityIsReady: String(isWhole),
    // A failed creation must leave nothing behind; what lives is protected until its time of keeping is over.
    DeletionProtection: String(phase !== 'first'),
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in manifest.parameters))
}
