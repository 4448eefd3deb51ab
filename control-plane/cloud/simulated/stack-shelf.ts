import * as z from 'zod'
import type { CloudPlace } from '../cloud.ts'
import { STACK_STATUSES } from '../stacks.ts'
import { openShelf, type Shelf } from './shelf.ts'
import { digest, placeKey, type Simulation } from './simulation.ts'
import { TemplateFacts } from './template-facts.ts'

const Words = z.record(z.string(), z.string())

/** What is in force, or would be. */
const Deployed = z.object({ template: TemplateFacts, parameters: Words, tags: Words })
export type Deployed = z.infer<typeof Deployed>

const Operation = z.object({
  kind: z.enum(['create', 'update', 'delete', 'rollback', 'update_rollback']),
  startedAt: z.number(),
  clientRequestToken: z.string(),
  /** Of a delete from DELETE_FAILED: what it leaves. */
  retainResources: z.array(z.string()).exactOptional(),
})

const Happening = z.object({
  eventId: z.string(),
  logicalId: z.string(),
  resourceType: z.string(),
  status: z.string(),
  reason: z.string().exactOptional(),
  at: z.number(),
})

export const SimulatedStack = z.object({
  stackName: z.string(),
  stackId: z.string(),
  place: z.object({ awsAccountId: z.string(), region: z.string() }),
  status: z.enum(STACK_STATUSES),
  statusReason: z.string().exactOptional(),
  changeSetId: z.string().exactOptional(),
  createdAt: z.number(),
  lastUpdatedAt: z.number().exactOptional(),
  /** Shown; of an operation under way those it works towards. */
  parameters: Words,
  outputs: Words,
  tags: Words,
  template: TemplateFacts.exactOptional(),
  /** What a failed update goes back to. */
  before: Deployed.exactOptional(),
  operation: Operation.exactOptional(),
  events: z.array(Happening),
})
export type SimulatedStack = z.infer<typeof SimulatedStack>

/** Newest first; CloudFormation keeps 90 days, a row of ours so many. */
const EVENTS_MAX = 200

export function openStackShelf({ table }: Simulation): Shelf<SimulatedStack> {
  return openShelf(table, 'stacks', SimulatedStack)
}

/** Those that were deleted, by their ids. */
export function openDeletedStacks({ table }: Simulation): Shelf<SimulatedStack> {
  return openShelf(table, 'deleted-stacks', SimulatedStack)
}

export function stackKey(place: CloudPlace, stackName: string): string {
  return `${placeKey(place)}${stackName}`
}

/** The stack in another status, with the event that tells of it. */
export function moved(
  { clock }: Simulation,
  before: SimulatedStack,
  status: SimulatedStack['status'],
  reason?: string,
): SimulatedStack {
  const at = clock.now()
  const { statusReason: _, ...rest } = before
  const why = reason === undefined ? {} : { reason }
  const told = {
    eventId: digest(before.stackId, status, String(at), String(before.events.length)).slice(0, 32),
    logicalId: before.stackName,
    resourceType: 'AWS::CloudFormation::Stack',
    status,
    at,
    ...why,
  }
  return {
    ...rest,
    status,
    ...(reason === undefined ? {} : { statusReason: reason }),
    events: [told, ...before.events].slice(0, EVENTS_MAX),
  }
}

/** The same stack without an operation under way. */
export function atRest(found: SimulatedStack): SimulatedStack {
  const { operation: _, before: __, ...stack } = found
  return stack
}
