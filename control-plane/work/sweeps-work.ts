import type { BillingCtx } from '#control-plane/billing/billing-context.ts'
import { reconcile } from '#control-plane/billing/reconcile.ts'
import { tick } from '#control-plane/core/tick.ts'
import { renewLicenceFiles } from '#control-plane/provisioning/renew-licence-files.ts'
import { tellAccountPools } from '#control-plane/provisioning/tell-account-pools.ts'
import { type ControlSweepName, controlSweeps } from '../manifest.ts'

/** What runs by the clock, and who does it. */
export const sweepsWork: { readonly [S in ControlSweepName]: (ctx: BillingCtx) => Promise<unknown> } = {
  tick: (ctx) => tick(ctx, { aheadSeconds: controlSweeps.tick.everySeconds - 1 }),
  'account-pools': tellAccountPools,
  reconcile,
  'licence-files': renewLicenceFiles,
}
