import type { FunctionBundles } from '#shared/contracts/release.ts'
import {
  type PipelineName,
  type PlainFunctionName,
  pipelineNames,
  pipelines,
  plainFunctions,
  type TrustBoundary,
} from '#tenant-stack/manifest.ts'
import { BundledFunction } from '../../constructs/bundled-function.ts'
import { pascalCase } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { QueueSource } from '../../constructs/queue-source.ts'
import type { RestApi } from '../../constructs/rest-api.ts'
import { ServiceRole } from '../../constructs/service-role.ts'
import { tenantVariables } from './environment.ts'
import { type Estate, permissionsBoundary, rightsOf } from './roles.ts'

const boundaries: readonly TrustBoundary[] = ['reader', 'sender', 'front', 'caretaker']

type Input = { readonly estate: Estate; readonly restApi: RestApi; readonly bundles: FunctionBundles }

/** A role for each boundary, a function for each pipeline with its queue as source, and those that no queue feeds. */
export function tenantFunctions(
  stack: PlainStack,
  { estate, restApi, bundles }: Input,
): Readonly<Record<PlainFunctionName, BundledFunction>> {
  const environment = tenantVariables(estate, restApi)
  const roles = new Map(
    boundaries.map((boundary) => [
      boundary,
      new ServiceRole(stack, `${pascalCase(boundary)}Role`, {
        service: 'lambda.amazonaws.com',
        statements: rightsOf(boundary, estate),
        permissionsBoundary: permissionsBoundary(estate),
      }).attrArn,
    ]),
  )
  function make(name: PipelineName | PlainFunctionName, continuesItself: boolean): BundledFunction {
    const { boundary, timeoutSeconds, memoryMb } = { ...pipelines, ...plainFunctions }[name]
    const bundle = bundles[name]
    const roleArn = roles.get(boundary)
    if (bundle === undefined || roleArn === undefined) throw new Error(`${name} was not built`)
    return new BundledFunction(stack, `${pascalCase(name)}Function`, {
      name,
      bundle,
      releaseBucket: estate.parameters.releaseBucket,
      roleArn,
      logGroupName: estate.logGroup.ref,
      timeoutSeconds,
      memoryMb,
      environment,
      continuesItself,
    })
  }
  for (const name of pipelineNames()) {
    const { batchSize, concurrency } = pipelines[name]
    new QueueSource(stack, `${pascalCase(name)}Source`, {
      functionName: make(name, isSelfContinuing(name)).ref,
      queueArn: estate.messaging.queue(name).queueArn,
      batchSize,
      concurrency,
    })
  }
  return { front: make('front', false), sweeps: make('sweeps', false) }
}

/** Publishes on a topic that it listens to: a fan-out that hands the rest of its audience to itself. */
export function isSelfContinuing(name: PipelineName): boolean {
  const { publishes, listensTo }: { readonly publishes: readonly string[]; readonly listensTo: readonly string[] } =
    pipelines[name]
  return publishes.some((topicName) => listensTo.includes(topicName))
}
