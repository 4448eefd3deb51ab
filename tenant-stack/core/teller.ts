import type { TenantNotice } from '#shared/contracts/tenant-notices.ts'

/** The way to the control plane, and who the stack is there. A notice may come twice, late or out of order. */
export interface Teller {
  readonly tenantId: string
  readonly templateVersion: string
  tell(notice: TenantNotice): Promise<void>
}
