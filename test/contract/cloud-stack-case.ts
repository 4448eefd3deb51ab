import type { CloudStack, Stacks } from '#control-plane/cloud/stacks.ts'
import { type CloudSubject, demand, TAGS, until } from './cloud-subject.ts'
import { freshName } from './contract-case.ts'

export type Parameters = Readonly<Record<string, string>>

/** A tenant's stack of a case of its own. */
export function stackCase(subject: () => CloudSubject, stem: string) {
  const { cloud, place } = subject()
  const { stacks } = cloud.at(place)
  const stackName = `convoke-${freshName(stem)}`
  const parameters: Parameters = {
    TenantId: `ten_${'0'.repeat(26)}`,
    DomainName: `${stackName}.example.com`,
  }

  async function prepare(
    type: 'CREATE' | 'UPDATE',
    options: { readonly templateUrl?: string; readonly parameters?: Parameters; readonly changeSetName?: string } = {},
  ) {
    const changeSetName = options.changeSetName ?? freshName('c')
    const made = await stacks.createChangeSet({
      stackName,
      changeSetName,
      type,
      templateUrl: options.templateUrl ?? (await subject().publish('plain')),
      parameters: { ...parameters, ...options.parameters },
      tags: TAGS,
      clientToken: changeSetName,
    })
    const look = () => stacks.describeChangeSet({ stackName, changeSetName })
    const isReady = (seen: Awaited<ReturnType<typeof look>>) =>
      seen !== undefined && !/_(IN_PROGRESS|PENDING)$/.test(seen.status)
    return { ...made, changeSet: demand(await until(subject(), look, isReady)) }
  }

  async function execute(changeSetName: string): Promise<CloudStack> {
    await stacks.executeChangeSet({ stackName, changeSetName, clientRequestToken: `x-${changeSetName}` })
    return rest()
  }

  /** The stack once no operation is under way. */
  async function rest(stackId = stackName): Promise<CloudStack> {
    const look = () => stacks.read(stackId)
    return demand(await until(subject(), look, (seen) => seen !== undefined && !seen.status.endsWith('_IN_PROGRESS')))
  }

  async function create(more: Parameters = {}): Promise<CloudStack> {
    const { changeSet } = await prepare('CREATE', { parameters: more })
    return execute(changeSet.changeSetName)
  }

  async function remove({ stackId }: Pick<CloudStack, 'stackId'>): Promise<CloudStack> {
    await stacks.delete({ stackName, clientRequestToken: freshName('d') })
    return rest(stackId)
  }

  return { stacks: stacks satisfies Stacks, stackName, parameters, prepare, execute, create, remove, rest }
}
