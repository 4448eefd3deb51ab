import type { CloudStack } from '#control-plane/cloud/stacks.ts'
import { stackTags } from '#control-plane/cloud/tags.ts'
import { decideChangeSet } from '#control-plane/core/release/change-set-policy.ts'
import { getRelease } from '#control-plane/core/release/release.ts'
import type { Facts } from '../run.ts'
import { factOf, generationOf, type Observation, pollAt, type Work } from '../step.ts'
import type { StepName } from '../step-names.ts'
import { type StackPhase, stackParameters } from './stack-parameters.ts'

/** A change set that fails so often fails for a reason. */
const CHANGE_SETS_MAX = 3

/** CloudFormation's tokens are letters, digits and hyphens. */
export function tokenOf({ run, step }: Work, word: string): string {
  return `${word}-${run.runId.replace(/^run_/, '')}-${generationOf(step)}`
}

/** A change set is named by the run, the phase and how often it was begun: its name is the handle by which it is asked for once. */
export function planChangeSet(work: Work, phase: StackPhase): Facts {
  const name = tokenOf(work, `cs-${phase}`)
  return { changeSetName: name, clientToken: name }
}

export function stackNameOfWork({ tenant }: Work): string {
  if (tenant.stackName === undefined) throw new Error(`${tenant.tenantId} has no stack name`)
  return tenant.stackName
}

export function readStack(work: Work): Promise<CloudStack | undefined> {
  const stackName = stackNameOfWork(work)
  return work.call('cloudformation', (cloud) => cloud.stacks.read(stackName))
}

export function isBusy({ status }: CloudStack): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS'
}

export function waitForStack(work: Work): Observation {
  return { kind: 'waiting', waitsFor: 'stack', whoActs: 'nobody', nextAt: pollAt(work) }
}

export async function createChangeSet(work: Work, request: Facts, phase: StackPhase): Promise<Facts> {
  const { ctx, run, tenant, facts } = work
  const site = await work.site()
  const { manifest } = await getRelease(ctx, run.templateVersion ?? '')
  const stackName = stackNameOfWork(work)
  const { estate, licenceKeys } = ctx
  const { changeSetName = '', clientToken = '' } = request
  const { changeSetId, stackId } = await work.call('cloudformation', (cloud) =>
    cloud.stacks.createChangeSet({
      stackName,
      changeSetName,
      clientToken,
      type: phase === 'first' ? 'CREATE' : 'UPDATE',
      templateUrl: `https://${site.releaseBucket}.s3.${site.place.region}.amazonaws.com/${manifest.templateKey}`,
      parameters: stackParameters({ tenant, site, facts, estate, licenceKeys, phase, manifest }),
      tags: stackTags(tenant.tenantId),
      executionRoleArn: site.executionRoleArn,
    }),
  )
  return { changeSetName, changeSetId, stackId }
}

function describe(work: Work) {
  const stackName = stackNameOfWork(work)
  const changeSetName = factOf(work, 'changeSetName')
  return work.call('cloudformation', (cloud) => cloud.stacks.describeChangeSet({ stackName, changeSetName }))
}

/** Waits until the change set is there, and holds it to the policy: nothing with state in it is replaced or taken out without a person. */
export async function checkChangeSet(work: Work, from: StepName): Promise<Observation> {
  if (work.facts.isUnchanged === 'true') return { kind: 'done' }
  const changeSet = await describe(work)
  if (changeSet === undefined) return { kind: 'redo', from, because: 'the change set is gone' }
  const { status, statusReason = '', executionStatus, isEmpty } = changeSet
  if (isEmpty) return { kind: 'done', outputs: { isUnchanged: 'true' } }
  if (status === 'FAILED') return failedChangeSet(work, from, statusReason)
  if (status.startsWith('DELETE') || executionStatus === 'OBSOLETE')
    return { kind: 'redo', from, because: `the change set is ${status}, ${executionStatus}` }
  if (status !== 'CREATE_COMPLETE') return waitForStack(work)
  const decision = decideChangeSet(changeSet.changes)
  if (decision.kind === 'allowed') return { kind: 'done', outputs: { changeSetId: changeSet.changeSetId } }
  const text = decision.changes.map(({ action, resourceType, logicalId }) => `${action} ${resourceType} ${logicalId}`)
  return refused(work, 'change_set_refused', text.join(', '))
}

/** Another one may come to be; after some it is a person's, and his retry is one more try. */
function failedChangeSet(work: Work, from: StepName, text: string): Observation {
  const isTriedAgain = generationOf(work.step) < CHANGE_SETS_MAX || work.step.error !== undefined
  return isTriedAgain ? { kind: 'redo', from, because: text } : refused(work, 'change_set_failed', text)
}

/** A release that cannot be had ends its run: the tenant stands as it stood, and can be given another, suspended or looked at. */
function refused({ run }: Work, code: string, text: string): Observation {
  return run.kind === 'update'
    ? { kind: 'ended', event: 'update_failed', code, text }
    : { kind: 'stuck', code, text, whoActs: 'vendor' }
}

/** True once it is executed, whatever comes of it. */
export async function observeExecution(work: Work, from: StepName): Promise<Observation> {
  if (work.facts.isUnchanged === 'true') return { kind: 'done' }
  const changeSet = await describe(work)
  const status = changeSet?.executionStatus
  if (status === 'AVAILABLE') return { kind: 'absent' }
  if (status?.startsWith('EXECUTE_') === true) return { kind: 'done' }
  // CloudFormation may have forgotten it after it was carried out: the stack remembers.
  const found = await readStack(work)
  const isDone = found?.changeSetId !== undefined && found.changeSetId === work.facts.changeSetId
  return isDone ? { kind: 'done' } : { kind: 'redo', from, because: 'the change set cannot be executed' }
}

export async function executeChangeSet(work: Work): Promise<undefined> {
  const stackName = stackNameOfWork(work)
  const changeSetName = factOf(work, 'changeSetName')
  await work.call('cloudformation', (cloud) =>
    cloud.stacks.executeChangeSet({ stackName, changeSetName, clientRequestToken: changeSetName }),
  )
  return undefined
}
