import {
  type ControlBoundary,
  type ControlFunction,
  type ControlFunctionName,
  controlFunctionNames,
  controlFunctions,
  controlQueues,
} from '#control-plane/manifest.ts'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { BundledFunction } from '../../constructs/bundled-function.ts'
import { pascalCase } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'
import { QueueSource } from '../../constructs/queue-source.ts'
import { ServiceRole } from '../../constructs/service-role.ts'
import { builtFunction } from '../baseline/activator.ts'
import { BASELINE_PATH, ENGINE_ROLE_NAME } from '../baseline/names.ts'
import { controlVariables } from './environment.ts'
import { type ControlEstate, controlRightsOf } from './roles.ts'

type Input = { readonly estate: ControlEstate; readonly publicUrl: string; readonly bundles: FunctionBundles }

/** A role for each boundary, the manifest's functions, and the queues that feed them. */
export function controlStackFunctions(
  stack: PlainStack,
  { estate, publicUrl, bundles }: Input,
): (name: ControlFunctionName) => BundledFunction {
  const functions = new Map(
    controlFunctionNames().map((name) => {
      const { boundary, takes, timeoutSeconds, memoryMb }: ControlFunction = controlFunctions[name]
      const made = new BundledFunction(stack, `${pascalCase(name)}Function`, {
        name,
        bundle: builtFunction(bundles, name),
        releaseBucket: estate.parameters.releaseBucket,
        roleArn: controlRole(stack, boundary, estate).attrArn,
        logGroupName: estate.logGroup.ref,
        timeoutSeconds,
        memoryMb,
        environment: controlVariables(name, estate, publicUrl),
        // A run takes its next step by a message to its own queue, a batch that ends early hands over the rest; both are bounded by rows.
        continuesItself: takes.length > 0,
      })
      for (const queueName of takes)
        new QueueSource(stack, `${pascalCase(queueName)}Source`, {
          functionName: made.ref,
          queueArn: estate.messaging.queue(queueName).queueArn,
          batchSize: controlQueues[queueName].batchSize,
          concurrency: controlQueues[queueName].concurrency,
        })
      return [name, made]
    }),
  )
  return (name) => {
    const made = functions.get(name)
    if (made === undefined) throw new Error(`${name} is not in the manifest`)
    return made
  }
}

/** The engine's is known by name, because cells of other accounts trust it before it has done anything. */
function controlRole(stack: PlainStack, boundary: ControlBoundary, estate: ControlEstate): ServiceRole {
  return new ServiceRole(stack, `${pascalCase(boundary)}Role`, {
    service: 'lambda.amazonaws.com',
    statements: controlRightsOf(boundary, estate),
    ...(boundary === 'engine' ? { path: BASELINE_PATH, roleName: ENGINE_ROLE_NAME } : {}),
  })
}
