import {
  type CloudFormationClient,
  ContinueUpdateRollbackCommand,
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  paginateListStackResources,
  type Stack as SdkStack,
} from '@aws-sdk/client-cloudformation'
import { type CloudStack, STACK_STATUSES, type StackResource, type Stacks } from '../stacks.ts'
import { createChangeSets } from './change-sets.ts'
import { calling, given, orElse, reading, word } from './sdk-call.ts'
import { fromSdkTags } from './sdk-tags.ts'
import { STACK_MEANINGS as MEANINGS } from './stack-meanings.ts'

export function createStacks(client: CloudFormationClient): Stacks {
  return {
    ...createChangeSets(client),
    async read(stackNameOrId) {
      const command = new DescribeStacksCommand({ StackName: stackNameOrId })
      const answer = await reading('DescribeStacks', () => client.send(command), MEANINGS)
      const found = answer?.Stacks?.[0]
      return found && stackOf(found)
    },
    async events({ stackName, cursor }) {
      const command = new DescribeStackEventsCommand({
        StackName: stackName,
        ...(cursor === undefined ? {} : { NextToken: cursor }),
      })
      const answer = await reading('DescribeStackEvents', () => client.send(command), MEANINGS)
      if (answer === undefined) return undefined
      const events = (answer.StackEvents ?? []).map((found) => ({
        eventId: given(found.EventId, 'EventId'),
        logicalId: found.LogicalResourceId ?? '',
        resourceType: found.ResourceType ?? '',
        status: found.ResourceStatus ?? '',
        ...(found.ResourceStatusReason === undefined ? {} : { reason: found.ResourceStatusReason }),
        at: found.Timestamp?.getTime() ?? 0,
      }))
      return { events, ...(answer.NextToken === undefined ? {} : { cursor: answer.NextToken }) }
    },
    resources: (stackName) =>
      reading(
        'ListStackResources',
        async () => {
          const all: StackResource[] = []
          for await (const page of paginateListStackResources({ client }, { StackName: stackName }))
            for (const found of page.StackResourceSummaries ?? [])
              all.push({
                logicalId: given(found.LogicalResourceId, 'LogicalResourceId'),
                resourceType: given(found.ResourceType, 'ResourceType'),
                ...(found.PhysicalResourceId === undefined ? {} : { physicalId: found.PhysicalResourceId }),
                status: found.ResourceStatus ?? '',
              })
          return all
        },
        MEANINGS,
      ),
    async delete({ stackName, clientRequestToken, retainResources, executionRoleArn }) {
      const command = new DeleteStackCommand({
        StackName: stackName,
        ClientRequestToken: clientRequestToken,
        ...(retainResources === undefined ? {} : { RetainResources: [...retainResources] }),
        ...(executionRoleArn === undefined ? {} : { RoleARN: executionRoleArn }),
      })
      await orElse(
        'gone',
        undefined,
        calling('DeleteStack', () => client.send(command), MEANINGS),
      )
    },
    async continueUpdateRollback({ stackName, clientRequestToken, executionRoleArn }) {
      const command = new ContinueUpdateRollbackCommand({
        StackName: stackName,
        ClientRequestToken: clientRequestToken,
        ...(executionRoleArn === undefined ? {} : { RoleARN: executionRoleArn }),
      })
      await calling('ContinueUpdateRollback', () => client.send(command), MEANINGS)
    },
    async detectDrift(stackName) {
      const command = new DetectStackDriftCommand({ StackName: stackName })
      const answer = await calling('DetectStackDrift', () => client.send(command), MEANINGS)
      return { driftDetectionId: given(answer.StackDriftDetectionId, 'StackDriftDetectionId') }
    },
    async driftOf(driftDetectionId) {
      const command = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: driftDetectionId })
      const answer = await reading('DescribeStackDriftDetectionStatus', () => client.send(command), {
        ...MEANINGS,
        // An id that is unknown or too old is called a wrong one.
        ValidationError: 'gone',
      })
      if (answer === undefined) return undefined
      return {
        detection: word(
          ['DETECTION_IN_PROGRESS', 'DETECTION_COMPLETE', 'DETECTION_FAILED'],
          answer.DetectionStatus,
          'a drift detection',
        ),
        ...(answer.StackDriftStatus === undefined
          ? {}
          : { drift: word(['DRIFTED', 'IN_SYNC', 'NOT_CHECKED', 'UNKNOWN'], answer.StackDriftStatus, 'a drift') }),
        driftedResources: answer.DriftedStackResourceCount ?? 0,
      }
    },
  }
}

function stackOf(found: SdkStack): CloudStack {
  return {
    stackName: given(found.StackName, 'StackName'),
    stackId: given(found.StackId, 'StackId'),
    status: word(STACK_STATUSES, found.StackStatus, 'the status of a stack'),
    ...(found.StackStatusReason === undefined ? {} : { statusReason: found.StackStatusReason }),
    ...(found.ChangeSetId === undefined ? {} : { changeSetId: found.ChangeSetId }),
    createdAt: given(found.CreationTime, 'CreationTime').getTime(),
    ...(found.LastUpdatedTime === undefined ? {} : { lastUpdatedAt: found.LastUpdatedTime.getTime() }),
    parameters: Object.fromEntries(
      (found.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
    ),
    outputs: Object.fromEntries(
      (found.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
    tags: fromSdkTags(found.Tags),
  }
}
