import type { BillingCtx } from './billing/billing-context.ts'
import type { QueueName } from './manifest.ts'
import type { ProvisioningCtx } from './provisioning/context.ts'
import { billingWork } from './work/billing-work.ts'
import { engineWork } from './work/engine-work.ts'
import { mailWork } from './work/mail-work.ts'

type WorkCtx = BillingCtx & ProvisioningCtx

/** What each queue's message asks for: the functions' own tables together, for a process that is all of them. */
export const queueWork: { readonly [Q in QueueName]: (ctx: WorkCtx, body: string) => Promise<unknown> } = {
  ...billingWork,
  ...engineWork,
  ...mailWork,
}
