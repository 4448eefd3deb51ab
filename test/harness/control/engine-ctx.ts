import type { Cloud } from '#control-plane/cloud/cloud.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import type { Dns } from '#control-plane/dns/resolvers.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'

const BASELINE = {
  operatingRoleArn: 'arn:aws:iam::111122223333:role/operations',
  executionRoleArn: 'arn:aws:iam::111122223333:role/execution',
  tenantBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
  ruleSetActivatorArn: 'arn:aws:lambda:us-east-1:111122223333:function:activator',
  releaseBucket: 'releases',
  cellVersion: '1.0.0',
}

/** What the engine's work meets, with a DNS and a cloud of the test's own. */
export function engineCtx(ctx: Ctx, world: { readonly dns: Dns; readonly cloud: Cloud }): ProvisioningCtx {
  return {
    ...ctx,
    ...world,
    licenceSettings: {
      graceDays: 14,
      refundDays: 14,
      vendorEmail: 'vendor@example.com',
      priceCents: 99_500,
      currency: 'usd',
    },
    licenceSigner: { sign: () => ({ kid: 'test', payload: '', signature: '' }) },
    textSigner: { sign: () => ({ kid: 'test', signature: '' }) },
    licenceKeys: {},
    isWorkerGone: () => false,
    probes: { answers: () => Promise.resolve('answers') },
    estate: {
      environment: 'dev',
      rootParentId: 'r-root',
      dedicatedParentId: 'ou-dedicated',
      accountEmailOf: (token) => `aws+${token}@example.com`,
      accountBaseline: () => BASELINE,
      warmAccounts: 0,
      retentionDays: 30,
      mailUse: { websiteUrl: 'https://example.com', useCase: 'invites', contactEmail: 'vendor@example.com' },
    },
    pause: () => Promise.resolve(),
  }
}
