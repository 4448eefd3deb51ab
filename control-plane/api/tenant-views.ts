import type * as z from 'zod'
import type { Domain } from '#control-plane/core/domain/domain.ts'
import { lapsesAtOf } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { CellView as Cell } from '#control-plane/core/placement/register-cell.ts'
import type { Release } from '#control-plane/core/release/release.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { parentOf, relativeName } from '#control-plane/dns/names.ts'
import type { ProviderHint } from '#control-plane/dns/providers.ts'
import type { RunView as Run, RunSummary } from '#control-plane/provisioning/read-run.ts'
import type { CellView } from '#shared/contracts/control-cells.ts'
import type {
  DomainView,
  LicenceView,
  ReleaseView,
  RunSummaryView,
  RunView,
  TenantView,
} from '#shared/contracts/control-operations.ts'
import { isoOf } from './views.ts'

/** A time that may not be there, as a member of a view. */
function at(name: string, epochMs: number | undefined): { readonly [name: string]: string } {
  return epochMs === undefined ? {} : { [name]: isoOf(epochMs) }
}

/** `isVendor`: names of our accounts and cells are the vendor's own business. */
export function tenantView(tenant: Tenant, isVendor: boolean): z.infer<typeof TenantView> {
  const { cellId, awsAccountId, externalId, templateVersion, desiredVersion, runId } = tenant
  const isTheirs = tenant.placement === 'customer'
  return {
    id: tenant.tenantId,
    licensee_id: tenant.licenseeId,
    licence_id: tenant.licenceId,
    domain_name: tenant.domainName,
    state: tenant.state,
    placement: tenant.placement,
    dns_mode: tenant.dnsMode,
    region: tenant.region,
    ...(cellId === undefined || !isVendor ? {} : { cell_id: cellId }),
    ...(awsAccountId === undefined || !(isVendor || isTheirs) ? {} : { aws_account_id: awsAccountId }),
    ...(externalId === undefined || !isTheirs ? {} : { external_id: externalId }),
    ...(templateVersion === undefined ? {} : { template_version: templateVersion }),
    ...(desiredVersion === undefined ? {} : { desired_version: desiredVersion }),
    ...at('pinned_until', tenant.pinnedUntil),
    is_abuse_held: tenant.isAbuseHeld,
    ...(isVendor ? { is_legal_held: tenant.isLegalHeld === true } : {}),
    ...(runId === undefined ? {} : { run_id: runId }),
    created_at: isoOf(tenant.createdAt),
  }
}

export function runView(run: Run, isVendor: boolean): z.infer<typeof RunView> {
  return {
    id: run.runId,
    tenant_id: run.tenantId,
    kind: run.kind,
    status: run.status,
    started_at: isoOf(run.startedAt),
    ...at('finished_at', run.finishedAt),
    progress: run.progress,
    who_acts: run.whoActs,
    sentence: isVendor ? run.vendorSentence : run.sentence,
    steps: run.steps.map(({ name, status, sentence, vendorSentence, whoActs, nextAt, error, left }) => ({
      name,
      status,
      sentence: isVendor ? vendorSentence : sentence,
      who_acts: whoActs,
      ...at('next_look_at', nextAt),
      ...(error === undefined || !isVendor
        ? {}
        : { error: { class: error.class, code: error.code, text: error.text } }),
      ...(left === undefined || !(isVendor || run.isInTheirAccount) ? {} : { left }),
    })),
  }
}

export function runSummaryView(run: RunSummary): z.infer<typeof RunSummaryView> {
  const { templateVersion, reason } = run
  return {
    id: run.runId,
    tenant_id: run.tenantId,
    kind: run.kind,
    status: run.status,
    ...(templateVersion === undefined ? {} : { template_version: templateVersion }),
    ...(reason === undefined ? {} : { reason }),
    started_at: isoOf(run.startedAt),
    ...at('finished_at', run.finishedAt),
  }
}

/** `parentZone`: where the licensee enters records; told by DNS, or the name above. */
export function domainView(
  domain: Domain,
  input: {
    readonly dnsMode: Tenant['dnsMode']
    readonly parentZone: string | undefined
    readonly provider: ProviderHint | undefined
  },
): z.infer<typeof DomainView> {
  const { dnsMode, provider } = input
  const zone = input.parentZone ?? parentOf(domain.domainName)
  return {
    tenant_id: domain.tenantId,
    domain_name: domain.domainName,
    state: domain.state,
    dns_mode: dnsMode,
    instructions: instructionsOf(domain, { dnsMode, zone, provider }),
    name_servers: [...domain.nameServers],
    ...(provider === undefined ? {} : { provider: { name: provider.provider, where: provider.where } }),
    records: domain.records.map((record) => ({
      key: record.key,
      name: record.name,
      relative_name: relativeName(record.name, zone),
      type: record.type,
      state: record.state,
      code: record.code,
      expected: [...record.expected],
      found: [...record.found],
      sentence: record.sentence,
      who_acts: record.whoActs,
      since: isoOf(record.since),
      observed_at: isoOf(record.observedAt),
    })),
    resources: (domain.resources ?? []).map(({ key, state, found, since, observedAt }) => ({
      key,
      state,
      found,
      since: isoOf(since),
      observed_at: isoOf(observedAt),
    })),
    ...at('last_look_at', domain.lastLookAt),
  }
}

function instructionsOf(
  domain: Domain,
  input: {
    readonly dnsMode: Tenant['dnsMode']
    readonly zone: string
    readonly provider: ProviderHint | undefined
  },
): string[] {
  const { zone, provider } = input
  // Right below the root there is no zone to name.
  const settings = zone === '' ? 'Open the DNS settings at your DNS provider' : `Open the DNS settings of ${zone}`
  const open = `${settings}${provider === undefined ? '' : ` at ${provider.provider}: ${provider.where}`}`
  const wait = 'We look by ourselves and mail you when it is done; a change may take some hours to be seen everywhere.'
  if (input.dnsMode === 'manual')
    return [open, 'Enter each record below that is not ok, exactly as it is expected.', wait]
  if (domain.nameServers.length === 0) return ['Nothing yet: the name servers are being made.']
  const name = relativeName(domain.domainName, zone)
  return [
    open,
    `Add ${domain.nameServers.length} records of type NS named ${name}: ${domain.nameServers.join(', ')}`,
    wait,
  ]
}

export function licenceView(licence: Licence): z.infer<typeof LicenceView> {
  const method = licence.stripe?.paymentMethod
  return {
    id: licence.licenceId,
    licensee_id: licence.licenseeId,
    tenant_id: licence.tenantId,
    domain_name: licence.domainName,
    state: licence.state,
    billing: licence.billing,
    entitlements: licence.entitlements,
    limits: licence.limits,
    ...at('period_start', licence.periodStart),
    ...at('period_end', licence.periodEnd),
    ...at('paid_through', licence.paidThrough),
    ...at('grace_until', licence.graceUntil),
    ...(isBought(licence) ? at('lapses_at', lapsesAtOf(licence)) : {}),
    is_cancel_scheduled: licence.isCancelScheduled,
    is_abuse_held: licence.isAbuseHeld,
    ...(method === undefined
      ? {}
      : {
          payment_method: {
            brand: method.brand,
            last4: method.last4,
            exp_month: method.expMonth,
            exp_year: method.expYear,
          },
        }),
    created_at: isoOf(licence.createdAt),
  }
}

/** Claimed, and not paid yet. */
function isBought({ state }: Licence): boolean {
  return state === 'draft' || state === 'checkout_pending'
}

export function cellView(cell: Cell): z.infer<typeof CellView> {
  return {
    id: cell.cellId,
    name: cell.name,
    region: cell.region,
    aws_account_id: cell.awsAccountId,
    cap: cell.cap,
    used: cell.used,
    headroom: cell.headroom,
    is_open: cell.isOpen,
    is_canary: cell.isCanary,
    cell_version: cell.cellVersion,
  }
}

export function releaseView(release: Release): z.infer<typeof ReleaseView> {
  const { ring, withdrawnBecause, manifest } = release
  return {
    version: release.releaseVersion,
    git_sha: manifest.gitSha,
    template_sha256: manifest.templateSha256,
    ...(ring === undefined ? {} : { ring }),
    ...at('ring_opened_at', release.ringOpenedAt),
    is_withdrawn: release.isWithdrawn,
    ...(withdrawnBecause === undefined ? {} : { withdrawn_because: withdrawnBecause }),
    registered_at: isoOf(release.registeredAt),
  }
}
