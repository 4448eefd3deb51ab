import { setTimeout as delay } from 'node:timers/promises'
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type StackResourceSummary,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import type { AwsClients } from './clients.ts'

export type Deployed = {
  readonly stackName: string
  readonly outputs: Readonly<Record<string, string>>
  readonly resources: readonly StackResourceSummary[]
  readonly seconds: number
}

type Source = { readonly templateBody: string } | { readonly templateUrl: string }

export type StackInput = Source & {
  readonly stackName: string
  readonly parameters: Readonly<Record<string, string>>
}

/** Creates a stack and waits for its end; rejects with CloudFormation's own reasons when it fails. */
export async function createStack(aws: AwsClients, input: StackInput): Promise<Deployed> {
  const startedAt = performance.now()
  await aws.cloudFormation.send(new CreateStackCommand({ ...callOf(input), OnFailure: 'DO_NOTHING' }))
  return deployed(aws, input.stackName, 'CREATE_COMPLETE', startedAt)
}

/** Updates it likewise. */
export async function updateStack(aws: AwsClients, input: StackInput): Promise<Deployed> {
  const startedAt = performance.now()
  await aws.cloudFormation.send(new UpdateStackCommand(callOf(input)))
  return deployed(aws, input.stackName, 'UPDATE_COMPLETE', startedAt)
}

export async function deleteStack(aws: AwsClients, stackName: string): Promise<void> {
  const { Stacks } = await aws.cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }))
  const stackId = Stacks?.[0]?.StackId
  await aws.cloudFormation.send(new DeleteStackCommand({ StackName: stackName }))
  await settled(aws, stackId ?? stackName, 'DELETE_COMPLETE')
}

/** What CloudFormation says of one stack's resources, by logical id. */
export async function resourcesOf(aws: AwsClients, stackName: string): Promise<readonly StackResourceSummary[]> {
  const all: StackResourceSummary[] = []
  let NextToken: string | undefined
  do {
    const page = await aws.cloudFormation.send(
      new ListStackResourcesCommand({ StackName: stackName, ...(NextToken === undefined ? {} : { NextToken }) }),
    )
    all.push(...(page.StackResourceSummaries ?? []))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return all
}

function callOf({ stackName, parameters, ...source }: StackInput) {
  return {
    StackName: stackName,
    ...('templateUrl' in source ? { TemplateURL: source.templateUrl } : { TemplateBody: source.templateBody }),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Capabilities: ['CAPABILITY_IAM' as const, 'CAPABILITY_NAMED_IAM' as const],
  }
}

async function deployed(aws: AwsClients, stackName: string, wanted: string, startedAt: number): Promise<Deployed> {
  const stack = await settled(aws, stackName, wanted)
  const outputs = (stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])
  const seconds = (performance.now() - startedAt) / 1000
  return { stackName, outputs: Object.fromEntries(outputs), resources: await resourcesOf(aws, stackName), seconds }
}

async function settled(aws: AwsClients, stackName: string, wanted: string) {
  for (;;) {
    const found = await aws.cloudFormation
      .send(new DescribeStacksCommand({ StackName: stackName }))
      .catch((error: unknown) => {
        // A deleted stack is known by its id alone, and to some not even by that.
        if (wanted === 'DELETE_COMPLETE' && error instanceof Error && error.message.includes('does not exist'))
          return undefined
        throw error
      })
    const stack = found?.Stacks?.[0]
    if (stack === undefined || stack.StackStatus === wanted) return stack
    if (!stack.StackStatus?.endsWith('IN_PROGRESS'))
      throw new Error(`${stackName} is ${stack.StackStatus}:\n${await reasons(aws, stackName)}`)
    await delay(100)
  }
}

async function reasons(aws: AwsClients, stackName: string): Promise<string> {
  const { StackEvents } = await aws.cloudFormation.send(new DescribeStackEventsCommand({ StackName: stackName }))
  return (StackEvents ?? [])
    .filter(({ ResourceStatus }) => ResourceStatus?.endsWith('FAILED'))
    .map(
      ({ LogicalResourceId, ResourceType, ResourceStatusReason }) =>
        `${LogicalResourceId} (${ResourceType}): ${ResourceStatusReason}`,
    )
    .join('\n')
}
