import type { Step, Work } from '../step.ts'
import { stackNameOfWork } from './stack-operation.ts'

/** SES stops a tenant whose findings harm others, and tells of the rest: one of many in an account must not be stopped for a small one. */
const POLICY = 'standard'

function readTenant(work: Work) {
  const tenantName = stackNameOfWork(work)
  return work.call('ses', (cloud) => cloud.sesTenants.read(tenantName))
}

/** How strict SES is with the tenant, said in so many words and read back: its default is SES's to change. */
export const setReputationPolicy: Step = {
  name: 'set_reputation_policy',
  sentence: 'Your mail gets a reputation of its own.',
  vendorSentence: 'SES: reputation policy of the tenant.',
  async ensure(work) {
    const tenantArn = (await readTenant(work))?.tenantArn
    if (tenantArn === undefined) return undefined
    await work.call('ses', (cloud) => cloud.sesTenants.setReputationPolicy({ tenantArn, policy: POLICY }))
    return { policyAskedFor: POLICY }
  },
  async observe(work) {
    const tenantArn = (await readTenant(work))?.tenantArn
    // The stack says that it is made; SES shows it a moment later.
    if (tenantArn === undefined || work.step.outputs?.policyAskedFor !== POLICY) return { kind: 'absent' }
    const policy = await work.call('ses', (cloud) => cloud.sesTenants.reputationPolicyOf(tenantArn))
    return policy === POLICY ? { kind: 'done' } : { kind: 'absent' }
  },
}
