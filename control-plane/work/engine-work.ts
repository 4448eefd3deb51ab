import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { makeAskedExport } from '#control-plane/provisioning/export-tenant.ts'
import { followLicence } from '#control-plane/provisioning/follow-licence.ts'
import { lookAtContest } from '#control-plane/provisioning/look-at-contest.ts'
import { lookAtDomain } from '#control-plane/provisioning/look-at-domain.ts'
import { tendAccountPool } from '#control-plane/provisioning/tend-account-pool.ts'
import { workOnTenant } from '#control-plane/provisioning/work-on-tenant.ts'
import { noticeOf } from '../manifest.ts'

/** Queues of `control-engine`, and who does their work. */
export const engineWork = {
  provision: (ctx: ProvisioningCtx, body: string) => workOnTenant(ctx, noticeOf.provision.parse(JSON.parse(body))),
  'licence-changed': (ctx: ProvisioningCtx, body: string) =>
    followLicence(ctx, noticeOf['licence-changed'].parse(JSON.parse(body))),
  'export-asked': (ctx: ProvisioningCtx, body: string) =>
    makeAskedExport(ctx, noticeOf['export-asked'].parse(JSON.parse(body))),
  'account-pool': (ctx: ProvisioningCtx, body: string) =>
    tendAccountPool(ctx, noticeOf['account-pool'].parse(JSON.parse(body))),
  'domain-due': (ctx: ProvisioningCtx, body: string) =>
    lookAtDomain(ctx, noticeOf['domain-due'].parse(JSON.parse(body))),
  'contest-due': (ctx: ProvisioningCtx, body: string) =>
    lookAtContest(ctx, noticeOf['contest-due'].parse(JSON.parse(body))),
} as const
