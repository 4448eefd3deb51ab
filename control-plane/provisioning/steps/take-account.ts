import { allPoolAccounts, getPoolAccount, poolAccountWrite } from '#control-plane/core/placement/pool-account.ts'
import type { Step } from '../step.ts'
import { stackNameOf } from './stack-name.ts'

const LOOK_AGAIN_MILLISECONDS = 300_000

/** An account of its own, out of the warm pool; it is never given to another tenant after this one. */
export const takeAccount: Step = {
  name: 'take_account',
  sentence: 'We take an account of your own for you.',
  vendorSentence: 'A ready account of the pool is taken.',
  onDone: 'slot_taken',
  async observe({ ctx, tenant }) {
    const { tenantId, region } = tenant
    if (tenant.awsAccountId !== undefined) return { kind: 'done' }
    const ready = (await allPoolAccounts(ctx)).filter((one) => one.state === 'ready' && one.region === region)
    for (const { poolAccountId } of ready) {
      const account = await getPoolAccount(ctx, poolAccountId)
      if (account.state !== 'ready' || account.awsAccountId === undefined) continue
      const taken = { ...account, state: 'taken' as const, tenantId, version: account.version + 1 }
      return {
        kind: 'done',
        operations: [poolAccountWrite(account, taken)],
        tenant: { awsAccountId: account.awsAccountId, stackName: stackNameOf(tenant) },
        resources: { poolAccountId },
      }
    }
    ctx.log.metric({ at: 'provisioning.no_account', region })
    const nextAt = ctx.clock.now() + LOOK_AGAIN_MILLISECONDS
    return { kind: 'waiting', waitsFor: 'account', whoActs: 'vendor', nextAt }
  },
}
