import * as z from 'zod'
import { AuditRow, auditPartition } from '#control-plane/core/audit/audit.ts'
import { commit } from '#control-plane/core/commit.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import { EXPORT_CONTEXT } from '#shared/licence/signing-context.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { ProvisioningCtx } from './context.ts'

import { runPartition } from './run.ts'

type ExportCtx = Ctx & Pick<ProvisioningCtx, 'textSigner'>

export const ExportFailure = defineFailures('export', { not_found: { status: 404, retry: true } })

/** What the control plane knows of a tenant, signed: `manifest` is JSON text, the signature is over it behind `EXPORT_CONTEXT`. */
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

export async function findExport(ctx: Ctx, tenantId: string, exportId: string): Promise<TenantExport | undefined> {
  const row = await ctx.table.get(exportKey(tenantId, exportId))
  return row === undefined ? undefined : TenantExport.parse(row)
}

/**
 * Asks the engine, which alone has the key, for a signed export of a tenant that the scope may see. Events, answers and files are the tenant
 * stack's own export.
 */
export async function askForExport(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: string },
): Promise<Pick<TenantExport, 'exportId' | 'tenantId'>> {
  const { licenseeId } = await getTenant(ctx, tenantId)
  const exportId = ctx.ids.newId('run')
  await commit(ctx, {
    operations: [],
    audit: {
      action: 'tenant.export_asked',
      target: { kind: 'tenant', id: tenantId },
      licenseeId,
      tenantId,
      after: { exportId },
    },
    notices: [{ queueName: 'export-asked', body: { tenantId, exportId } }],
  })
  return { exportId, tenantId }
}

/** Of the engine: makes what was asked for, once, from rows that it reads itself. */
export async function makeAskedExport(
  whole: ExportCtx,
  { tenantId, exportId }: { readonly tenantId: string; readonly exportId: string },
): Promise<void> {
  const ctx: ExportCtx = { ...whole, actor: { type: 'system', id: 'engine' }, scope: { kind: 'all' } }
  await exportRows(ctx, await getTenant(ctx, tenantId), exportId)
}

/** An export of a tenant that the scope may see. Throws `export.not_found` until it is signed. */
export async function getExport(
  ctx: Ctx,
  { tenantId, exportId }: { readonly tenantId: string; readonly exportId: string },
): Promise<TenantExport> {
  await getTenant(ctx, tenantId)
  const found = await findExport(ctx, tenantId, exportId)
  if (found === undefined) throw ExportFailure.not_found('There is no such export, or it is not signed yet.')
  return found
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
