import type { Step, Work } from '../step.ts'
import type { StepName } from '../step-names.ts'
import { stackNameOfWork } from './stack-operation.ts'

/** The SES tenant is named as the stack is, with which it comes. */
function readTenant(work: Work) {
  const tenantName = stackNameOfWork(work)
  return work.call('ses', (cloud) => cloud.sesTenants.read(tenantName))
}

/** SES itself refuses or takes mail of the tenant: no worker of ours, however late, can send past it. */
function sendingStep(
  name: StepName,
  status: 'ENABLED' | 'DISABLED',
  said: Pick<Step, 'sentence' | 'vendorSentence'>,
): Step {
  return {
    name,
    ...said,
    async ensure(work) {
      const found = await readTenant(work)
      if (found === undefined) return undefined
      const { tenantArn } = found
      await work.call('ses', (cloud) => cloud.sesTenants.setSendingStatus({ tenantArn, status }))
      return undefined
    },
    async observe(work) {
      if (work.tenant.stackName === undefined) return { kind: 'done' }
      const found = await readTenant(work)
      // Nothing sends that is not there; a tenant that should send and has none is a broken stack.
      if (found === undefined)
        return status === 'DISABLED'
          ? { kind: 'done' }
          : { kind: 'stuck', code: 'ses_tenant_gone', text: 'The SES tenant is not there.', whoActs: 'vendor' }
      const isSending = found.sendingStatus !== 'DISABLED'
      return isSending === (status === 'ENABLED') ? { kind: 'done' } : { kind: 'absent' }
    },
  }
}

export const stopSending = sendingStep('stop_sending', 'DISABLED', {
  sentence: 'Sending is stopped.',
  vendorSentence: 'SES: sending of the tenant disabled.',
})

export const startSending = sendingStep('start_sending', 'ENABLED', {
  sentence: 'Sending is started again.',
  vendorSentence: 'SES: sending of the tenant enabled.',
})
