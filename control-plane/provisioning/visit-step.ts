import { holdsClaim } from '#control-plane/core/domain/domain-claim.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { logFieldsOf } from '#shared/errors/log-fields.ts'
import { stoppedUntil } from './breaker.ts'
import { spentUntil } from './budget.ts'
import type { Facts } from './run.ts'
import { hasPlace } from './site.ts'
import type { Observation, Step, Work } from './step.ts'
import { type Trouble, troubleOf } from './trouble.ts'

/** What became of a visit: what the last look found, or what stood in its way. */
export type Visit =
  | { readonly kind: 'observed'; readonly observation: Exclude<Observation, { readonly kind: 'absent' }> }
  | { readonly kind: 'not_yet_visible' }
  | { readonly kind: 'no_call_free'; readonly at: number }
  | { readonly kind: 'place_stopped'; readonly until: number }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }

/**
 * Looks, asks if it is not there, looks again. What the call answered is handed to `keep` before the second look. Every
 * call that a step makes may be made twice, so after an answer that never came the next visit's look is all that is needed.
 */
export async function visitStep(
  work: Work,
  step: Step,
  request: Facts,
  keep: (outputs: Facts) => Promise<Work>,
): Promise<Visit> {
  try {
    const until = await stopOf(work)
    if (until !== undefined) return { kind: 'place_stopped', until }
    if (await isClaimLost(work)) return { kind: 'observed', observation: claimLost }
    const first = await step.observe(work, request)
    if (first.kind !== 'absent') return { kind: 'observed', observation: first }
    if (step.ensure === undefined) throw new Error(`${step.name} only looks, and found nothing to look at`)
    const answer = await step.ensure(work, request)
    const kept = answer === undefined ? work : await keep(answer)
    const second = await step.observe(kept, request)
    return second.kind === 'absent' ? { kind: 'not_yet_visible' } : { kind: 'observed', observation: second }
  } catch (error) {
    const at = spentUntil(error)
    if (at !== undefined) return { kind: 'no_call_free', at }
    if (isRowTrouble(error)) throw error
    // What is no named failure is a bug of ours: its words are for the log alone.
    if (!isFailure(error))
      work.ctx.log.error({
        at: 'provisioning.bug',
        tenantId: work.tenant.tenantId,
        step: step.name,
        ...logFieldsOf(error),
      })
    return { kind: 'trouble', trouble: troubleOf(error) }
  }
}

/** Nothing is set up for a name that is another's, or was lost in a contest meanwhile. */
const claimLost = {
  kind: 'stuck',
  code: 'claim_lost',
  text: 'The domain is not claimed for this tenant.',
  whoActs: 'vendor',
} as const satisfies Observation

async function isClaimLost({ ctx, run, tenant }: Work): Promise<boolean> {
  return run.kind === 'provision' && !(await holdsClaim(ctx, tenant))
}

async function stopOf({ ctx, tenant, site }: Work): Promise<number | undefined> {
  return hasPlace(tenant) ? stoppedUntil(ctx, (await site()).place) : undefined
}

/** Our own table: the visit's end could not be written either, so the message comes again. */
function isRowTrouble(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('table.')
}
