import type { WriteOperation } from '#shared/platform/table.ts'
import type { AuditEntry } from '../audit/audit.ts'
import type { PlannedMail } from '../control-mail/plan-control-mail.ts'
import { releaseClaim } from '../domain/claim-registry.ts'
import { getLicensee } from '../licensee/licensee-store.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { decideTenant, triggerOf } from '../tenant/tenant-machine.ts'
import { getTenant, tenantWrite } from '../tenant/tenant-store.ts'
import type { Licence } from './licence.ts'
import type { LicenceCtx } from './licence-context.ts'
import { calendarMail } from './licence-mails.ts'

type With = {
  readonly operations: readonly WriteOperation[]
  readonly audit: readonly AuditEntry[]
  readonly mails: readonly PlannedMail[]
}

/** The mail that a licensee is told beforehand by; `licence` as it is then. */
export async function warningOf(ctx: LicenceCtx, licence: Licence): Promise<readonly PlannedMail[]> {
  const licensee = await getLicensee(ctx, licence.licenseeId)
  return [calendarMail(ctx, { licence, licensee, kind: 'lapse_warned' })]
}

/** What belongs into the transaction in which an unpaid claim lapses: its tenant ends, its name is free. Undefined: the tenant is past that. */
export async function lapseOf(ctx: LicenceCtx, licence: Licence): Promise<With | undefined> {
  const tenant = await getTenant(ctx, licence.tenantId)
  const { tenantId, licenseeId, domainName } = tenant
  const decision = decideTenant(tenant.state, 'claim_lapsed', triggerOf(ctx.actor), {})
  if (decision.kind !== 'moved') return undefined
  const after: Tenant = { ...tenant, state: decision.to, version: tenant.version + 1 }
  const licensee = await getLicensee(ctx, licenseeId)
  return {
    operations: [tenantWrite(tenant, after), ...(await releaseClaim(ctx, { domainName, tenantId }))],
    audit: [
      {
        action: 'domain.released',
        target: { kind: 'tenant', id: tenantId },
        licenseeId,
        tenantId,
        before: tenant,
        after,
        reason: 'its licence was not paid in time',
      },
    ],
    mails: [calendarMail(ctx, { licence, licensee, kind: 'claim_lapsed' })],
  }
}
