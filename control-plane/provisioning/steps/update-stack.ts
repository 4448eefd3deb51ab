import type { CloudStack } from '#control-plane/cloud/stacks.ts'
import { TENANT_TAG } from '#control-plane/cloud/tags.ts'
import { generationOf, type Observation, type Step, type Work } from '../step.ts'
import { resourcesOfOutputs } from './make-stack.ts'
import { foreign } from './ours.ts'
import {
  checkChangeSet,
  createChangeSet,
  executeChangeSet,
  isBusy,
  observeExecution,
  planChangeSet,
  readStack,
  stackNameOfWork,
  tokenOf,
  waitForStack,
} from './stack-operation.ts'
import type { StackPhase } from './stack-parameters.ts'

const UPDATES_MAX = 3
const unchanged = { kind: 'done', outputs: { isUnchanged: 'true', changeSetName: '' } } as const satisfies Observation

/** A stack that goes, or whose name is another's, loses its custom domain and its hold on the identity first. */
function phaseOf({ run }: Work): StackPhase {
  return run.kind === 'retire' || run.kind === 'unbind' ? 'bare' : 'whole'
}

export const prepareUpdate: Step = {
  name: 'prepare_update',
  sentence: 'We prepare a change of your server.',
  vendorSentence: 'CloudFormation: change set of the update.',
  plan: (work) => planChangeSet(work, phaseOf(work)),
  ensure: (work, request) => createChangeSet(work, request, phaseOf(work)),
  async observe(work, { changeSetName = '' }) {
    const found = await readStack(work)
    // Nobody may have looked since it came to be: what it leaves is written down before it goes.
    if (phaseOf(work) === 'bare' && hasNothingToDrop(found))
      return { ...unchanged, resources: resourcesOfOutputs(found?.outputs ?? {}) }
    if (found === undefined)
      return { kind: 'stuck', code: 'stack_gone', text: 'The tenant stack is not there.', whoActs: 'vendor' }
    if (found.tags[TENANT_TAG] !== work.tenant.tenantId) return foreign(`a stack ${found.stackName}`)
    const { stackName } = found
    const changeSet = await work.call('cloudformation', (cloud) =>
      cloud.stacks.describeChangeSet({ stackName, changeSetName }),
    )
    if (changeSet !== undefined) return { kind: 'done', outputs: { changeSetName, stackId: found.stackId } }
    return isBusy(found) ? waitForStack(work) : { kind: 'absent' }
  },
}

/** Never made, not made to the end, or made and never given a certificate or identity. */
function hasNothingToDrop(found: CloudStack | undefined): boolean {
  if (found === undefined) return true
  if (isBusy(found)) return found.status === 'DELETE_IN_PROGRESS'
  if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(found.status)) return true
  const { CertificateArn = '', IdentityIsReady = 'false' } = found.parameters
  return CertificateArn === '' && IdentityIsReady !== 'true'
}

export const checkUpdate: Step = {
  name: 'check_update',
  sentence: 'We prepare a change of your server.',
  vendorSentence: 'CloudFormation: the change set is read and held to the policy.',
  observe: (work) => checkChangeSet(work, 'prepare_update'),
}

export const makeUpdate: Step = {
  name: 'make_update',
  sentence: 'We change your server.',
  vendorSentence: 'CloudFormation: the change set of the update is executed.',
  async ensure(work) {
    // It makes or removes the custom domain, whose rate is the tightest of all; a mere release changes it not.
    if (work.run.kind !== 'update') await work.call('custom_domain', async () => undefined)
    return executeChangeSet(work)
  },
  observe: (work) => observeExecution(work, 'prepare_update'),
}

export const watchUpdate: Step = {
  name: 'watch_update',
  sentence: 'Your server is being changed.',
  vendorSentence: 'CloudFormation: waiting for the update.',
  async ensure(work) {
    const stackName = stackNameOfWork(work)
    const { executionRoleArn } = await work.site()
    const clientRequestToken = `${tokenOf(work, 'cr')}-${work.step.visits}`
    await work.call('cloudformation', (cloud) =>
      cloud.stacks.continueUpdateRollback({ stackName, clientRequestToken, executionRoleArn }),
    )
    return undefined
  },
  async observe(work) {
    if (phaseOf(work) === 'bare' && work.facts.isUnchanged === 'true') return { kind: 'done' }
    const found = await readStack(work)
    if (found === undefined)
      return { kind: 'stuck', code: 'stack_gone', text: 'The tenant stack is not there.', whoActs: 'vendor' }
    if (isBusy(found)) return waitForStack(work)
    if (found.status === 'UPDATE_ROLLBACK_FAILED') return { kind: 'absent' }
    if (found.status !== 'UPDATE_COMPLETE' && found.status !== 'CREATE_COMPLETE') return failedUpdate(work, found)
    // A status is of our doing only when the change set is ours: an older one may have left the same status.
    if (work.facts.isUnchanged !== 'true' && found.changeSetId !== work.facts.changeSetId)
      return { kind: 'redo', from: 'prepare_update', because: 'the stack stands at another change set' }
    const { templateVersion } = work.run
    return {
      kind: 'done',
      resources: resourcesOfOutputs(found.outputs),
      ...(templateVersion === undefined ? {} : { tenant: { templateVersion } }),
    }
  },
}

function failedUpdate({ run, step }: Work, found: CloudStack): Observation {
  const text = found.statusReason ?? found.status
  const isTriedAgain = generationOf(step) < UPDATES_MAX || step.visits === 1
  if (run.kind === 'update') return { kind: 'ended', event: 'update_failed', code: 'stack_update_failed', text }
  return isTriedAgain
    ? { kind: 'redo', from: 'prepare_update', because: text }
    : { kind: 'stuck', code: 'stack_update_failed', text, whoActs: 'vendor' }
}
