import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  ExecuteChangeSetCommand,
  type Change as SdkChange,
} from '@aws-sdk/client-cloudformation'
import type { ChangeSet, ResourceChange, Stacks } from '../stacks.ts'
import { calling, given, orElse, reading, word } from './sdk-call.ts'
import { toSdkTags } from './sdk-tags.ts'
import { STACK_MEANINGS as MEANINGS } from './stack-meanings.ts'

/** CloudFormation's words for a change set that would change nothing; it has no code for it. */
const NOTHING_TO_DO = /didn't contain changes|no updates are to be performed/i

export function createChangeSets(
  client: CloudFormationClient,
): Pick<Stacks, 'createChangeSet' | 'describeChangeSet' | 'executeChangeSet' | 'deleteChangeSet'> {
  return {
    async createChangeSet(input) {
      const command = new CreateChangeSetCommand({
        StackName: input.stackName,
        ChangeSetName: input.changeSetName,
        ChangeSetType: input.type,
        ClientToken: input.clientToken,
        TemplateURL: input.templateUrl,
        Parameters: Object.entries(input.parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        Tags: toSdkTags(input.tags),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        // Not DELETE: its end could not be told from a stack that never was.
        ...(input.type === 'CREATE' ? { OnStackFailure: 'ROLLBACK' as const } : {}),
        ...(input.executionRoleArn === undefined ? {} : { RoleARN: input.executionRoleArn }),
      })
      const answer = await calling('CreateChangeSet', () => client.send(command), MEANINGS)
      return { changeSetId: given(answer.Id, 'Id'), stackId: given(answer.StackId, 'StackId') }
    },
    describeChangeSet: ({ stackName, changeSetName }) =>
      reading(
        'DescribeChangeSet',
        async () => {
          const changes: ResourceChange[] = []
          let NextToken: string | undefined
          for (;;) {
            const page: DescribeChangeSetOutput = await client.send(
              new DescribeChangeSetCommand({
                StackName: stackName,
                ChangeSetName: changeSetName,
                ...(NextToken === undefined ? {} : { NextToken }),
              }),
            )
            changes.push(...(page.Changes ?? []).flatMap(changeOf))
            NextToken = page.NextToken
            if (NextToken === undefined) return changeSetOf(page, changes)
          }
        },
        MEANINGS,
      ),
    async executeChangeSet({ stackName, changeSetName, clientRequestToken }) {
      const command = new ExecuteChangeSetCommand({
        StackName: stackName,
        ChangeSetName: changeSetName,
        ClientRequestToken: clientRequestToken,
      })
      await calling('ExecuteChangeSet', () => client.send(command), MEANINGS)
    },
    async deleteChangeSet({ stackName, changeSetName }) {
      const command = new DeleteChangeSetCommand({ StackName: stackName, ChangeSetName: changeSetName })
      await orElse(
        'gone',
        undefined,
        calling('DeleteChangeSet', () => client.send(command), MEANINGS),
      )
    },
  }
}

function changeSetOf(page: DescribeChangeSetOutput, changes: readonly ResourceChange[]): ChangeSet {
  const status = word(
    [
      'CREATE_PENDING',
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'DELETE_PENDING',
      'DELETE_IN_PROGRESS',
      'DELETE_COMPLETE',
      'DELETE_FAILED',
      'FAILED',
    ],
    page.Status,
    'the status of a change set',
  )
  return {
    changeSetId: given(page.ChangeSetId, 'ChangeSetId'),
    changeSetName: given(page.ChangeSetName, 'ChangeSetName'),
    status,
    ...(page.StatusReason === undefined ? {} : { statusReason: page.StatusReason }),
    executionStatus: word(
      ['UNAVAILABLE', 'AVAILABLE', 'EXECUTE_IN_PROGRESS', 'EXECUTE_COMPLETE', 'EXECUTE_FAILED', 'OBSOLETE'],
      page.ExecutionStatus ?? 'UNAVAILABLE',
      'the execution of a change set',
    ),
    isEmpty: status === 'FAILED' && NOTHING_TO_DO.test(page.StatusReason ?? ''),
    changes,
  }
}

function changeOf({ ResourceChange: change }: SdkChange): readonly ResourceChange[] {
  if (change === undefined) return []
  const { LogicalResourceId, ResourceType, Action, Replacement } = change
  return [
    {
      logicalId: given(LogicalResourceId, 'LogicalResourceId'),
      resourceType: given(ResourceType, 'ResourceType'),
      action: word(['Add', 'Modify', 'Remove', 'Import', 'Dynamic', 'SyncWithActual'], Action, 'a change'),
      ...(Replacement === undefined
        ? {}
        : { replacement: word(['True', 'False', 'Conditional'], Replacement, 'a replacement') }),
    },
  ]
}
