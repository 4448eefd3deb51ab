import { exportRows, findExport } from '../export-tenant.ts'
import type { Step } from '../step.ts'

export const makeExport: Step = {
  name: 'make_export',
  sentence: 'We write down for you what we know of your domain.',
  vendorSentence: 'A signed manifest of the tenant’s rows is made.',
  onDone: 'export_done',
  plan: ({ run }) => ({ exportId: run.runId }),
  async ensure({ ctx, tenant }, { exportId = '' }) {
    await exportRows(ctx, tenant, exportId)
    return undefined
  },
  async observe({ ctx, tenant }, { exportId = '' }) {
    return (await findExport(ctx, tenant.tenantId, exportId)) === undefined ? { kind: 'absent' } : { kind: 'done' }
  },
}
