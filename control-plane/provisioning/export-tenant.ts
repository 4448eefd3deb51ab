import * as z from 'zod'
import { AuditRow, auditPartition } from '#control-plane/core/audit/audit.ts'
import { commit } from '#control-plane/core/commit.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { EXPORT_CONTEXT } from '#shared/licence/signing-context.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { ProvisioningCtx } from './context.ts'

type ExportCtx = Ctx & Pick<ProvisioningCtx, 'textSigner'>

import { runPartition } from './run.ts'

/** What the control plane knows of a tenant, signed: `manifest` is JSON text, the signature is over its UTF-8 bytes. */
export const TenantExport = z.object({
  exportId: z.string(),
  tenantId: z.string(),
  madeAt: z.number(),
  manifest: z.string(),
  manifestSha256: z.string(),
  kid: z.string(),
  signature: z.string(),
})
export type TenantExport = z.infer<typeof TenantExport>

/** The newest so many audit rows go into the manifest, which is one row of the table; the rest is read by the audit's own listing. */
const AUDIT_ROWS_MAX = 300
const ROWS_A_PAGE = 100

function exportKey(tenantId: string, exportId: string): TableKey {
  return { pk: runPartition(tenantId), sk: `export#${exportId}` }
}

export async function findExport(
  ctx: ExportCtx,
  tenantId: string,
  exportId: string,
): Promise<TenantExport | undefined> {
  const row = await ctx.table.get(exportKey(tenantId, exportId))
  return row === undefined ? undefined : TenantExport.parse(row)
}

/** Writes down and signs what the control plane knows of a tenant that the scope may see. Events, answers and files are the tenant stack's own export. */
export async function exportTenant(ctx: ExportCtx, { tenantId }: { readonly tenantId: string }): Promise<TenantExport> {
  return exportRows(ctx, await getTenant(ctx, tenantId), ctx.ids.newId('run'))
}

/** The export of this id: made once, and read from then on. */
export async function exportRows(ctx: ExportCtx, tenant: Tenant, exportId: string): Promise<TenantExport> {
  const { tenantId, licenseeId } = tenant
  const known = await findExport(ctx, tenantId, exportId)
  if (known !== undefined) return known
  const madeAt = ctx.clock.now()
  const manifest = JSON.stringify({
    format: 1,
    exportId,
    madeAt,
    tenant: ofLicensee(tenant),
    licence: await getLicence(ctx, tenant.licenceId),
    domain: (await findDomain(ctx, tenantId)) ?? null,
    audit: await newestAudit(ctx, tenant),
  })
  const made: TenantExport = {
    exportId,
    tenantId,
    madeAt,
    manifest,
    manifestSha256: ctx.sha256(manifest),
    ...ctx.textSigner.sign(EXPORT_CONTEXT + manifest),
  }
  try {
    await commit(ctx, {
      operations: [{ kind: 'put', item: { ...exportKey(tenantId, exportId), ...made }, when: { row: 'absent' } }],
      audit: {
        action: 'tenant.exported',
        target: { kind: 'tenant', id: tenantId },
        licenseeId,
        tenantId,
        after: { exportId, manifestSha256: made.manifestSha256 },
      },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return (await findExport(ctx, tenantId, exportId)) ?? made
  }
  return made
}

/** Names of our accounts and cells, and of what stands in them, are the vendor's own business; in a customer's account they are his. */
function ofLicensee(tenant: Tenant): Partial<Tenant> {
  if (tenant.placement === 'customer') return tenant
  const { awsAccountId: _account, cellId: _cell, operatingRoleArn: _role, resources: _resources, ...told } = tenant
  return told
}

async function newestAudit(ctx: ExportCtx, { tenantId, licenseeId }: Tenant): Promise<readonly AuditRow[]> {
  const found: AuditRow[] = []
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      pk: auditPartition(licenseeId),
      descending: true,
      limit: ROWS_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    found.push(...page.items.map((item) => AuditRow.parse(item)).filter((row) => row.tenantId === tenantId))
    cursor = page.cursor
  } while (cursor !== undefined && found.length < AUDIT_ROWS_MAX)
  return found.slice(0, AUDIT_ROWS_MAX)
}
