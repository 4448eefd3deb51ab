import type { BillingCtx } from './billing/billing-context.ts'
import { handleStripeEvent } from './billing/handle-stripe-event.ts'
import { reconcile } from './billing/reconcile.ts'
import { syncCustomer } from './billing/sync-customer.ts'
import { sendControlMail } from './core/control-mail/send-control-mail.ts'
import { lookAtLicence } from './core/licence/look-at-licence.ts'
import { takeTenantNotice } from './core/tenant-notice/take-notice.ts'
import { tick } from './core/tick.ts'
import { type ControlSweepName, noticeOf, type QueueName } from './manifest.ts'
import type { ProvisioningCtx } from './provisioning/context.ts'
import { followLicence } from './provisioning/follow-licence.ts'
import { lookAtContest } from './provisioning/look-at-contest.ts'
import { lookAtDomain } from './provisioning/look-at-domain.ts'
import { renewLicenceFiles } from './provisioning/renew-licence-files.ts'
import { workOnTenant } from './provisioning/work-on-tenant.ts'

export type WorkCtx = BillingCtx & ProvisioningCtx

/** What each queue's message asks for; a body that is none of the queue's is a bug of whoever sent it. */
export const queueWork: { readonly [Q in QueueName]: (ctx: WorkCtx, body: string) => Promise<void> } = {
  provision: async (ctx, body) => void (await workOnTenant(ctx, noticeOf.provision.parse(JSON.parse(body)))),
  'billing-sync': async (ctx, body) => void (await syncCustomer(ctx, noticeOf['billing-sync'].parse(JSON.parse(body)))),
  'stripe-event': (ctx, body) => handleStripeEvent(ctx, noticeOf['stripe-event'].parse(JSON.parse(body))),
  'licence-due': (ctx, body) => lookAtLicence(ctx, noticeOf['licence-due'].parse(JSON.parse(body))),
  'licence-changed': async (ctx, body) =>
    void (await followLicence(ctx, noticeOf['licence-changed'].parse(JSON.parse(body)))),
  'domain-due': async (ctx, body) => void (await lookAtDomain(ctx, noticeOf['domain-due'].parse(JSON.parse(body)))),
  'contest-due': (ctx, body) => lookAtContest(ctx, noticeOf['contest-due'].parse(JSON.parse(body))),
  'mail-due': (ctx, body) => sendControlMail(ctx, noticeOf['mail-due'].parse(JSON.parse(body))),
  'tenant-notice': async (ctx, body) => void (await takeTenantNotice(ctx, JSON.parse(body))),
}

/** What runs by the clock. */
export const sweepWork: { readonly [S in ControlSweepName]: (ctx: WorkCtx) => Promise<unknown> } = {
  tick,
  reconcile,
  'licence-files': renewLicenceFiles,
}
