import type { BillingCtx } from '#control-plane/billing/billing-context.ts'
import { reconcile } from '#control-plane/billing/reconcile.ts'
import { tick } from '#control-plane/core/tick.ts'
import { renewLicenceFiles } from '#control-plane/provisioning/renew-licence-files.ts'
import type { ControlSweepName } from '../manifest.ts'

/** What runs by the clock, and who does it. */
export const sweepsWork: { readonly [S in ControlSweepName]: (ctx: BillingCtx) => Promise<unknown> } = {
  tick,
  reconcile,
  'licence-files': renewLicenceFiles,
}
