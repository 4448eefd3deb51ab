import type * as z from 'zod'
import { readDomain } from '#control-plane/core/domain/domain-store.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { findParentZone } from '#control-plane/dns/parent-zone.ts'
import { providerOf } from '#control-plane/dns/providers.ts'
import { type RunView, readRun } from '#control-plane/provisioning/read-run.ts'
import type { DomainView } from '#shared/contracts/control-operations.ts'
import type { ControlCtx } from './env.ts'
import { domainView } from './tenant-views.ts'

/** A tenant's domain as it was last seen, with what DNS tells of its provider. Throws `tenant.not_found`, `domain.not_found`. */
export async function readDomainView(ctx: ControlCtx, tenantId: string): Promise<z.infer<typeof DomainView>> {
  const [{ dnsMode }, domain] = await Promise.all([getTenant(ctx, tenantId), readDomain(ctx, tenantId)])
  const parent = await findParentZone(ctx.dns, domain.domainName)
  const known = parent === 'cannot_tell' ? undefined : parent
  return domainView(domain, {
    dnsMode,
    parentZone: known?.zoneName,
    provider: known === undefined ? undefined : providerOf(known.nameServers),
  })
}

/** What is being done to a tenant; undefined: nothing. Throws `tenant.not_found`. */
export async function readCurrentRun(ctx: ControlCtx, tenantId: string): Promise<RunView | undefined> {
  const { runId } = await getTenant(ctx, tenantId)
  return runId === undefined ? undefined : readRun(ctx, { tenantId, runId })
}
