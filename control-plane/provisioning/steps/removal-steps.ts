import { hasSlot, slotReturning } from '#control-plane/core/placement/cell-store.ts'
import { observeDelegation } from '#control-plane/dns/observe-delegation.ts'
import { generationOf, type Observation, pollAt, type Step, type Work } from '../step.ts'
import { domainOf } from './await-domain.ts'
import { lookedAt, nextLook } from './domain-records.ts'
import { isOurZone, ownZone } from './make-zone.ts'
import { isOurStack, leftAlone } from './ours.ts'
import { isBusy, readStack, stackNameOfWork, tokenOf, waitForStack } from './stack-operation.ts'

const DAY = 86_400_000
/** The licensee is shown the request all this time; afterwards the zone stays, empty, so that no stranger can take the name over. */
const ASKED_FOR_MILLISECONDS = 14 * DAY
/** A deletion that failed is tried again, then without what does not let itself be deleted, then a person looks. */
const DELETIONS_MAX = 2

export const removeStack: Step = {
  name: 'remove_stack',
  sentence: 'Your server is taken down; what it keeps is not touched.',
  vendorSentence: 'CloudFormation: stack deleted; table and bucket are retained.',
  async ensure(work) {
    const stackName = stackNameOfWork(work)
    const { executionRoleArn } = await work.site()
    const retainResources = await stubborn(work)
    const clientRequestToken = tokenOf(work, 'rm')
    await work.call('stack_deletion', (cloud) =>
      cloud.stacks.delete({
        stackName,
        clientRequestToken,
        executionRoleArn,
        ...(retainResources.length === 0 ? {} : { retainResources }),
      }),
    )
    return undefined
  },
  async observe(work) {
    const found = await readStack(work)
    if (found === undefined) return { kind: 'done' }
    if (!isOurStack(found, work.tenant.tenantId))
      return leftAlone(work, `CloudFormation stack ${found.stackName}`, found.tags, [])
    if (found.status === 'DELETE_IN_PROGRESS' || found.status === 'DELETE_COMPLETE') return { kind: 'done' }
    return isBusy(found) ? waitForStack(work) : { kind: 'absent' }
  },
}

/** Resources that two deletions could not remove; only a stack in DELETE_FAILED may leave some behind. */
async function stubborn(work: Work): Promise<readonly string[]> {
  const found = await readStack(work)
  if (found?.status !== 'DELETE_FAILED' || generationOf(work.step) < DELETIONS_MAX) return []
  const resources = await work.call('cloudformation', (cloud) => cloud.stacks.resources(found.stackName))
  return (resources ?? []).filter(({ status }) => status === 'DELETE_FAILED').map(({ logicalId }) => logicalId)
}

export const watchStackGone: Step = {
  name: 'watch_stack_gone',
  sentence: 'Your server is being taken down.',
  vendorSentence: 'CloudFormation: waiting until the stack is gone.',
  async observe(work) {
    const gone: readonly string[] = ['stackId', 'apiUrl', 'mailTopicArn', 'configurationSetName', 'regionalDomainName']
    const found = await readStack(work)
    const isGone = found === undefined || found.status === 'DELETE_COMPLETE'
    if (isGone || !isOurStack(found, work.tenant.tenantId)) return { kind: 'done', gone }
    if (isBusy(found)) return waitForStack(work)
    if (found.status !== 'DELETE_FAILED')
      return { kind: 'redo', from: 'remove_stack', because: `the stack is ${found.status}` }
    const text = found.statusReason ?? found.status
    return generationOf(work.step) <= DELETIONS_MAX || work.step.visits === 1
      ? { kind: 'redo', from: 'remove_stack', because: text }
      : { kind: 'stuck', code: 'stack_deletion_failed', text, whoActs: 'vendor' }
  },
}

/** The parent must not point at servers that are ours no longer: whoever gets a zone there would own the name. */
export const awaitUndelegated: Step = {
  name: 'await_undelegated',
  sentence: 'Please remove the name servers of this domain at your DNS provider.',
  vendorSentence: 'Waiting until the parent names our servers no more.',
  async observe(work) {
    const { ctx, tenant, domain, facts, step } = work
    if (facts.hostedZoneId === undefined || domain === undefined) return { kind: 'done' }
    const { observations } = await observeDelegation(ctx.dns, {
      domainName: tenant.domainName,
      expectedNameServers: domain.nameServers,
    })
    const set = lookedAt(domain, observations, ctx.clock.now())
    if (isUndelegated(observations, domain.nameServers)) return { kind: 'done', domain: { set } }
    const since = step.firstAt ?? ctx.clock.now()
    if (ctx.clock.now() - since >= ASKED_FOR_MILLISECONDS)
      return { kind: 'done', resources: { keptZone: 'true' }, domain: { set } }
    const nextAt = nextLook(ctx, domainOf(work), since, step.visits)
    return { kind: 'waiting', waitsFor: 'undelegated', whoActs: 'licensee', nextAt, domain: { set } }
  },
}

/** Said by the parent itself, and none of our servers among what it names; what cannot be checked is no proof. */
export function isUndelegated(
  looks: readonly { readonly key: string; readonly state: string; readonly found: readonly string[] }[],
  nameServers: readonly string[],
): boolean {
  const look = looks.find(({ key }) => key === 'delegation')
  if (look === undefined || look.state === 'cannot_check' || look.state === 'ok') return false
  return !look.found.some((found) => nameServers.includes(found))
}

/** By what was written down, or by its reference: whoever made it may have died before he wrote down which it is. */
async function zoneIdOf(work: Work): Promise<string | undefined> {
  return work.facts.hostedZoneId ?? (await ownZone(work))
}

async function removeIt(work: Work): Promise<undefined> {
  const hostedZoneId = await zoneIdOf(work)
  if (hostedZoneId === undefined || !(await isOurZone(work, hostedZoneId))) return undefined
  await work.call('route53', (cloud) => cloud.hostedZones.delete(hostedZoneId))
  return undefined
}

async function observeZone(work: Work): Promise<Observation> {
  const hostedZoneId = await zoneIdOf(work)
  if (hostedZoneId === undefined) return { kind: 'done' }
  const zone = await work.call('route53', (cloud) => cloud.hostedZones.read(hostedZoneId))
  const gone: readonly string[] = ['hostedZoneId', 'keptZone']
  if (zone === undefined) return { kind: 'done', gone }
  if (await isOurZone(work, hostedZoneId)) return { kind: 'absent' }
  const tags = await work.call('route53', (cloud) => cloud.hostedZones.tagsOf(hostedZoneId))
  return leftAlone(work, `Route 53 zone ${zone.domainName}, ${hostedZoneId}`, tags, gone)
}

export const removeZone: Step = {
  name: 'remove_zone',
  sentence: 'The DNS zone of your domain is removed.',
  vendorSentence: 'Route 53: zone deleted, or kept empty while the parent names it.',
  ensure: removeIt,
  observe: (work) => (work.facts.keptZone === 'true' ? Promise.resolve({ kind: 'done' }) : observeZone(work)),
}

/** A zone that was kept empty goes as soon as nothing points at it; otherwise it stays, for its few cents. */
export const deleteKeptZone: Step = {
  name: 'delete_kept_zone',
  sentence: 'The DNS zone of your domain is removed.',
  vendorSentence: 'Route 53: the kept zone is deleted if the parent names it no more.',
  ensure: removeIt,
  async observe(work) {
    const { ctx, tenant, domain, facts } = work
    if (facts.keptZone !== 'true' || domain === undefined) return { kind: 'done' }
    const { observations } = await observeDelegation(ctx.dns, {
      domainName: tenant.domainName,
      expectedNameServers: domain.nameServers,
    })
    if (isUndelegated(observations, domain.nameServers)) return observeZone(work)
    ctx.log.metric({ at: 'provisioning.zone_kept', tenantId: tenant.tenantId })
    return { kind: 'done' }
  },
}

export const freePlace: Step = {
  name: 'free_place',
  sentence: 'The place of your domain is given back.',
  vendorSentence: 'The slot in the cell is given back.',
  async observe({ ctx, tenant }) {
    const { cellId, tenantId } = tenant
    const isTaken = cellId !== undefined && (await hasSlot(ctx, cellId, tenantId))
    return isTaken ? { kind: 'done', operations: slotReturning(cellId, tenantId) } : { kind: 'done' }
  },
}

/** The account goes with its only tenant; Organizations lets a tenth be closed in 30 days, so it may have to queue. */
export const closeAccount: Step = {
  name: 'close_account',
  sentence: 'The account of your domain is closed.',
  vendorSentence: 'Organizations: account closed.',
  async ensure(work) {
    const { awsAccountId = '' } = work.tenant
    await work.ctx.cloud.organizations.closeAccount(awsAccountId)
    return undefined
  },
  async observe({ ctx, tenant, ...work }) {
    const { awsAccountId = '' } = tenant
    const found = await ctx.cloud.organizations.describeAccount(awsAccountId)
    if (found === undefined || found.state === 'CLOSED' || found.state === 'SUSPENDED') return { kind: 'done' }
    if (found.state === 'PENDING_CLOSURE')
      return { kind: 'waiting', waitsFor: 'account', whoActs: 'nobody', nextAt: pollAt({ ctx, ...work }) }
    return { kind: 'absent' }
  },
}
