import type { Tags } from './tags.ts'

/** CloudFormation's stack statuses, except those of imports and of RollbackStack, which the engine never asks for. */
export const STACK_STATUSES = [
  'REVIEW_IN_PROGRESS',
  'CREATE_IN_PROGRESS',
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'UPDATE_IN_PROGRESS',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'DELETE_IN_PROGRESS',
  'DELETE_COMPLETE',
  'DELETE_FAILED',
] as const
export type StackStatus = (typeof STACK_STATUSES)[number]

export type CloudStack = {
  readonly stackName: string
  /** Its ARN: names this stack even when another of the same name has come after it. */
  readonly stackId: string
  readonly status: StackStatus
  readonly statusReason?: string
  /** The change set that was last executed; with the times it tells whose doing the status is. */
  readonly changeSetId?: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly lastUpdatedAt?: number
  readonly parameters: { readonly [name: string]: string }
  readonly outputs: { readonly [name: string]: string }
  readonly tags: Tags
}

export type ResourceChange = {
  readonly logicalId: string
  readonly resourceType: string
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Import' | 'Dynamic' | 'SyncWithActual'
  /** Of a Modify: whether the resource is made anew, which loses what is in it. */
  readonly replacement?: 'True' | 'False' | 'Conditional'
}

export type ChangeSet = {
  readonly changeSetId: string
  readonly changeSetName: string
  readonly status:
    | 'CREATE_PENDING'
    | 'CREATE_IN_PROGRESS'
    | 'CREATE_COMPLETE'
    | 'DELETE_PENDING'
    | 'DELETE_IN_PROGRESS'
    | 'DELETE_COMPLETE'
    | 'DELETE_FAILED'
    | 'FAILED'
  readonly statusReason?: string
  readonly executionStatus:
    | 'UNAVAILABLE'
    | 'AVAILABLE'
    | 'EXECUTE_IN_PROGRESS'
    | 'EXECUTE_COMPLETE'
    | 'EXECUTE_FAILED'
    | 'OBSOLETE'
  /** CloudFormation calls a change set without changes FAILED: for the engine it means done. */
  readonly isEmpty: boolean
  /** All pages. */
  readonly changes: readonly ResourceChange[]
}

export type ChangeSetInput = {
  readonly stackName: string
  /** The handle: a second change set of the name throws `exists`, and the first is to be looked at. */
  readonly changeSetName: string
  readonly type: 'CREATE' | 'UPDATE'
  /** `https://<bucket>.s3.<region>.amazonaws.com/<key>` of the release. */
  readonly templateUrl: string
  /** All of the template's that have no default, and all that should differ from it. */
  readonly parameters: { readonly [name: string]: string }
  readonly tags: Tags
  /** At most 128 characters; the same token is the same request. */
  readonly clientToken: string
  /** CloudFormation's own role, by which it makes the resources. */
  readonly executionRoleArn?: string
}

export type StackEvent = {
  readonly eventId: string
  readonly logicalId: string
  readonly resourceType: string
  readonly status: string
  readonly reason?: string
  readonly at: number
}

export type StackResource = {
  readonly logicalId: string
  readonly resourceType: string
  readonly physicalId?: string
  readonly status: string
}

type StackWrite = {
  readonly stackName: string
  /** At most 128 characters: a second call with it is the first. */
  readonly clientRequestToken: string
  readonly executionRoleArn?: string
}

export type Drift = {
  readonly detection: 'DETECTION_IN_PROGRESS' | 'DETECTION_COMPLETE' | 'DETECTION_FAILED'
  readonly drift?: 'DRIFTED' | 'IN_SYNC' | 'NOT_CHECKED' | 'UNKNOWN'
  readonly driftedResources: number
}

/** AWS CloudFormation (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/); tenants' stacks begin with `convoke-`. */
export interface Stacks {
  /**
   * CreateChangeSet with named IAM capabilities; a CREATE that fails is rolled back, which removes what is RetainExceptOnCreate, and its
   * ROLLBACK_COMPLETE stack has to be deleted before another CREATE (then `exists`). Throws `quota`, `invalid`, `conflict`, and `gone`
   * for an UPDATE of no stack.
   */
  createChangeSet(input: ChangeSetInput): Promise<{ readonly changeSetId: string; readonly stackId: string }>
  describeChangeSet(input: {
    readonly stackName: string
    readonly changeSetName: string
  }): Promise<ChangeSet | undefined>
  /** `conflict`: not ready, executed already, or the stack is busy. */
  executeChangeSet(input: {
    readonly stackName: string
    readonly changeSetName: string
    readonly clientRequestToken: string
  }): Promise<void>
  deleteChangeSet(input: { readonly stackName: string; readonly changeSetName: string }): Promise<void>
  /** DescribeStacks, by name or by id; a deleted one is found by its id alone. */
  read(stackNameOrId: string): Promise<CloudStack | undefined>
  /** One page, newest first; undefined when there is no such stack. */
  events(input: {
    readonly stackName: string
    readonly cursor?: string
  }): Promise<{ readonly events: readonly StackEvent[]; readonly cursor?: string } | undefined>
  /** All of them. */
  resources(stackName: string): Promise<readonly StackResource[] | undefined>
  /** DeleteStack: what has a retaining policy stays. `retainResources` only from DELETE_FAILED. No such stack: fine. */
  delete(input: StackWrite & { readonly retainResources?: readonly string[] }): Promise<void>
  /** From UPDATE_ROLLBACK_FAILED alone, else `invalid`. */
  continueUpdateRollback(input: StackWrite): Promise<void>
  /** DetectStackDrift; `conflict` while one runs. */
  detectDrift(stackName: string): Promise<{ readonly driftDetectionId: string }>
  driftOf(driftDetectionId: string): Promise<Drift | undefined>
}
