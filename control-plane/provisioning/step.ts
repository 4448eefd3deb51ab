import type { PlaceCloud } from '#control-plane/cloud/cloud.ts'
import type { Domain } from '#control-plane/core/domain/domain.ts'
import type { DomainEvent } from '#control-plane/core/domain/domain-machine.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import type { TenantEvent, TenantFacts } from '#control-plane/core/tenant/tenant-machine.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { ServiceName } from './budget.ts'
import type { ProvisioningCtx } from './context.ts'
import type { Facts, Run, StepRow, WhoActs } from './run.ts'
import type { Site } from './site.ts'
import type { StepName } from './step-names.ts'

/** What a step has before it: rows as they were read at the beginning of the visit. */
export type Work = {
  readonly ctx: ProvisioningCtx
  readonly tenant: Tenant
  readonly domain: Domain | undefined
  readonly run: Run
  readonly step: StepRow
  /** Resources of the tenant, and above them what the steps of this run have found. */
  readonly facts: Facts
  readonly licence: () => Promise<Licence>
  /** Where the tenant stands; throws when it has no place yet. */
  readonly site: () => Promise<Site>
  /** One call in the tenant's place, when the service's budget has one left; otherwise the visit ends here. */
  readonly call: <T>(serviceName: ServiceName, act: (place: PlaceCloud) => Promise<T>) => Promise<T>
}

/** What is learnt of the domain on the way; written with the step's own row. */
export type DomainChange = {
  readonly events?: readonly DomainEvent[]
  readonly isClaimProven?: boolean
  readonly set?: Partial<Domain>
  /** When the domain is to be looked at again without a run; absent: not at all. */
  readonly dueAt?: number
}

/** What a look has found; it alone decides that a step is done. */
export type Observation =
  | {
      readonly kind: 'done'
      /** For later steps of the run. */
      readonly outputs?: Facts
      /** For the life of the tenant: they join `tenant.resources`. */
      readonly resources?: Facts
      readonly tenant?: Partial<Tenant>
      /** Names of `tenant.resources` that are no more. */
      readonly gone?: readonly string[]
      readonly domain?: DomainChange
      /** Rows that belong to it, in the same transaction; when one's condition fails, the step is looked at again. */
      readonly operations?: readonly WriteOperation[]
      /** What stays where it is, because it is not ours or out of our reach; for people. */
      readonly left?: string
      /** What the guard of the tenant's transition is told. */
      readonly facts?: TenantFacts
    }
  /** It was never asked for, or is not there any more: ask. */
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'waiting'
      /** As a word: `stack`, `delegation`, `capacity`, … */
      readonly waitsFor: string
      readonly whoActs: WhoActs
      /** Epoch milliseconds. */
      readonly nextAt: number
      readonly domain?: DomainChange
      /** Kept although the step is not done. */
      readonly outputs?: Facts
    }
  /** What an earlier step made does not serve (any more): from there on everything is done again, as the next generation. */
  | {
      readonly kind: 'redo'
      readonly from: StepName
      readonly because: string
      readonly resources?: Facts
      /** Rows that belong to it, in the same transaction. */
      readonly operations?: readonly WriteOperation[]
    }
  /** The run cannot reach its end, and the tenant is settled in a state that says so. */
  | { readonly kind: 'ended'; readonly event: TenantEvent; readonly code: string; readonly text: string }
  /** Nothing goes on until a person has acted. */
  | { readonly kind: 'stuck'; readonly code: string; readonly text: string; readonly whoActs: 'licensee' | 'vendor' }

/** One thing that is made true: look, ask for it if it is not, look again. */
export type Step = {
  readonly name: StepName
  /** While it is under way, for the tenant and for the vendor. */
  readonly sentence: string
  readonly vendorSentence: string
  /** What happens to the tenant when it is done. */
  readonly onDone?: TenantEvent | ((work: Work) => TenantEvent | undefined)
  /** Names and ids of the call that may follow, from what is known; written down before anything is asked. */
  readonly plan?: (work: Work) => Facts | Promise<Facts>
  /** Asks for it; safe to repeat. What it answers is kept as outputs. Absent: a step that only looks. */
  readonly ensure?: (work: Work, request: Facts) => Promise<Facts | undefined>
  readonly observe: (work: Work, request: Facts) => Promise<Observation>
}

/** A fact that an earlier step must have left: its absence is a fault of the plan. */
export function factOf(work: Pick<Work, 'facts'>, name: string): string {
  const value = work.facts[name]
  if (value === undefined || value === '') throw new Error(`the run knows no ${name}`)
  return value
}

/** When to look again at what the cloud is doing: soon at first, then twice a minute. */
export function pollAt(work: Pick<Work, 'ctx' | 'step'>): number {
  const milliseconds = work.step.visits < 12 ? 5000 : 30_000
  return work.ctx.clock.now() + milliseconds
}

/** How often a step was begun from anew, this time included: part of every name that must not be used twice. */
export function generationOf({ outputs }: StepRow): number {
  return Number(outputs?.generation ?? '1')
}
