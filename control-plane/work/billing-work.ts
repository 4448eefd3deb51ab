import type { BillingCtx } from '#control-plane/billing/billing-context.ts'
import { handleStripeEvent } from '#control-plane/billing/handle-stripe-event.ts'
import { lookAtLicenceDue } from '#control-plane/billing/look-at-licence-due.ts'
import { syncCustomer } from '#control-plane/billing/sync-customer.ts'
import { noticeOf } from '../manifest.ts'

/** Queues of `control-billing`, and who does their work. */
export const billingWork = {
  'stripe-event': (ctx: BillingCtx, body: string) =>
    handleStripeEvent(ctx, noticeOf['stripe-event'].parse(JSON.parse(body))),
  'billing-sync': (ctx: BillingCtx, body: string) =>
    syncCustomer(ctx, noticeOf['billing-sync'].parse(JSON.parse(body))),
  'licence-due': (ctx: BillingCtx, body: string) =>
    lookAtLicenceDue(ctx, noticeOf['licence-due'].parse(JSON.parse(body))),
} as const
