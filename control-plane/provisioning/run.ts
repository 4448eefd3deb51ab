import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import { STEP_NAMES } from './step-names.ts'

export const RUN_KINDS = ['provision', 'update', 'suspend', 'resume', 'unbind', 'retire', 'delete'] as const
export const RunKind = z.enum(RUN_KINDS)
export type RunKind = z.infer<typeof RunKind>

/** One way of a tenant from one settled state to another. A finished run never changes; to do it again is a new run. */
export const Run = z.object({
  runId: z.string(),
  tenantId: z.string(),
  licenseeId: z.string(),
  kind: RunKind,
  /** `ended`: another run took its place before it was through. */
  status: z.enum(['working', 'finished', 'ended']),
  steps: z.array(z.enum(STEP_NAMES)),
  /** Of the template that this run stamps. */
  templateVersion: z.string().exactOptional(),
  startedBy: z.object({ type: z.string(), id: z.string() }),
  reason: z.string().exactOptional(),
  /** What shall come instead of it; taken up when no worker is in the middle of a step. */
  wantedInstead: z.object({ kind: RunKind, reason: z.string().exactOptional() }).exactOptional(),
  startedAt: z.number(),
  finishedAt: z.number().exactOptional(),
  version: z.number(),
})
export type Run = z.infer<typeof Run>

/** Ways of dealing with what a call has met (control plane design, "Failure handling"). */
export const ERROR_CLASSES = ['throttle', 'retry', 'exists', 'quota', 'invalid', 'denied', 'gone', 'unknown'] as const

export const WhoActs = z.enum(['nobody', 'licensee', 'vendor'])
export type WhoActs = z.infer<typeof WhoActs>

export const StepError = z.object({
  class: z.enum(ERROR_CLASSES),
  code: z.string(),
  /** For the vendor: it may name resources of an account. */
  text: z.string(),
  whoActs: WhoActs,
})
export type StepError = z.infer<typeof StepError>

export const StepRow = z.object({
  runId: z.string(),
  tenantId: z.string(),
  /** Position in the run, from 0. */
  position: z.number(),
  name: z.enum(STEP_NAMES),
  status: z.enum(['todo', 'leased', 'waiting', 'done', 'failed', 'skipped']),
  /** Visits that ended with trouble, one after another; a visit that got on begins anew. */
  attempt: z.number(),
  /** Visits at all: the pace of looking follows them. */
  visits: z.number(),
  firstAt: z.number().exactOptional(),
  nextAt: z.number().exactOptional(),
  leaseUntil: z.number().exactOptional(),
  leaseOwner: z.string().exactOptional(),
  /** Number of the lease: every write of whoever holds it asks that it be still the last one. */
  fence: z.number(),
  /** Of everything the step was planned from: a plan that no longer fits is made anew. */
  inputHash: z.string().exactOptional(),
  /** Ids and names of the call, written before it is made. */
  request: z.record(z.string(), z.string()).exactOptional(),
  outputs: z.record(z.string(), z.string()).exactOptional(),
  /** What is waited for, as a word. */
  waitsFor: z.string().exactOptional(),
  whoActs: WhoActs,
  error: StepError.exactOptional(),
  observedAt: z.number().exactOptional(),
})
export type StepRow = z.infer<typeof StepRow>

/** Names and ids of resources, by what they are to the tenant. */
export type Facts = { readonly [name: string]: string }

export const RunFailure = defineFailures('run', {
  not_found: { status: 404, retry: false },
  /** Another run of the tenant is not finished. */
  not_settled: { status: 409, retry: true },
  /** Nothing of it has failed. */
  nothing_failed: { status: 409, retry: false },
  no_release: { status: 409, retry: true },
  too_soon: { status: 429, retry: true },
  changed_meanwhile: { status: 409, retry: true },
})

export function runPartition(tenantId: string): string {
  return `tenant#${tenantId}`
}

export function runKey(tenantId: string, runId: string): TableKey {
  return { pk: runPartition(tenantId), sk: `run#${runId}` }
}

/** Sorts among the run's rows in the order of the steps. */
export function stepKey(step: Pick<StepRow, 'tenantId' | 'runId' | 'position' | 'name'>): TableKey {
  const position = String(step.position).padStart(2, '0')
  return { pk: runPartition(step.tenantId), sk: `run#${step.runId}#step#${position}-${step.name}` }
}
