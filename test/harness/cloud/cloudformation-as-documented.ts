import { type CloudFormationClient, DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation'
import { type ChangeSetMemory, createChangeSet, describeChangeSet, FORCING_TAG } from './change-set-as-documented.ts'
import { type Ask, documented, type Fields, listOf, text } from './documented.ts'

/** Change sets that were executed, by stack, and the tokens they were executed with; one for all clients of a run. */
export type CloudFormationMemory = ChangeSetMemory & {
  readonly changeSetOf: Map<string, string>
  readonly tokens: Map<string, string>
}
export function cloudFormationMemory(): CloudFormationMemory {
  return { changes: new Map(), retags: new Map(), changeSetOf: new Map(), tokens: new Map() }
}

const STACKS_MAX = 2000

/**
 * Makes CloudFormation answer as its API reference says where the emulator (1.5.33) does not: a stack tells the change set that was last
 * executed; a change set executed again with its token is one execution; `change-set-as-documented.ts` has the rest. Absent there
 * altogether: DescribeAccountLimits.
 */
export function cloudFormationAsDocumented(client: CloudFormationClient, memory: CloudFormationMemory): void {
  const { changeSetOf, tokens } = memory

  async function execute(input: Fields, next: Ask): Promise<Fields> {
    const [StackName, ChangeSetName] = [text(input.StackName), text(input.ChangeSetName)]
    const { ChangeSetId = '', StackId = '' } = await client.send(
      new DescribeChangeSetCommand({ StackName, ChangeSetName }),
    )
    const token = text(input.ClientRequestToken)
    if (tokens.get(ChangeSetId) === token) return {}
    await next()
    tokens.set(ChangeSetId, token)
    changeSetOf.set(StackId, ChangeSetId)
    return {}
  }

  const shown = (stack: Fields): Fields => ({
    ...stack,
    ChangeSetId: changeSetOf.get(text(stack.StackId)),
    Tags: listOf(stack.Tags).filter(({ Key }) => Key !== FORCING_TAG),
  })

  client.middlewareStack.add(
    documented(async (commandName, input, next) => {
      switch (commandName) {
        case 'CreateChangeSet':
          return createChangeSet(client, memory, input, next)
        case 'DescribeChangeSet':
          return describeChangeSet(client, memory, next)
        case 'ExecuteChangeSet':
          return execute(input, next)
        case 'DescribeStacks':
          return { Stacks: listOf((await next()).Stacks).map(shown) }
        case 'DescribeAccountLimits':
          return { AccountLimits: [{ Name: 'StackLimit', Value: STACKS_MAX }] }
        default:
          return next()
      }
    }),
    { step: 'initialize', name: 'cloudFormationAsDocumented' },
  )
}
