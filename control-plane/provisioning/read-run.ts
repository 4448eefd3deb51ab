import type { Ctx } from '#control-plane/core/context.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { TableFailure } from '#shared/platform/table.ts'
import { leftBy } from './left-behind.ts'
import { Run, type RunKind, runPartition, type StepError, type StepRow, type WhoActs } from './run.ts'
import { currentStep, loadRun, type RunWithSteps } from './run-store.ts'
import { saysOf } from './sentences.ts'
import type { StepName } from './step-names.ts'

/** A step as people read it. `error` and `vendorSentence` are for the vendor alone: they may name resources of an account. */
export type StepView = {
  readonly name: StepName
  readonly status: StepRow['status']
  readonly attempt: number
  readonly sentence: string
  readonly vendorSentence: string
  readonly whoActs: WhoActs
  readonly nextAt?: number
  readonly observedAt?: number
  readonly waitsFor?: string
  readonly error?: StepError
  /** What it has left where it was: not ours, or out of our reach. */
  readonly left?: string
}

export type RunView = {
  readonly runId: string
  readonly tenantId: string
  readonly kind: RunKind
  readonly status: Run['status']
  readonly templateVersion?: string
  readonly startedAt: number
  readonly finishedAt?: number
  readonly progress: { readonly done: number; readonly of: number }
  readonly whoActs: WhoActs
  readonly sentence: string
  readonly vendorSentence: string
  readonly steps: readonly StepView[]
  /** What it names there is the licensee's own. */
  readonly isInTheirAccount: boolean
}

export type RunSummary = Omit<Run, 'version' | 'steps' | 'wantedInstead'>

/** A run of a tenant that the scope may see; throws `tenant.not_found`, `run.not_found`. */
export async function readRun(
  ctx: Ctx,
  { tenantId, runId }: { readonly tenantId: string; readonly runId: string },
): Promise<RunView> {
  const { placement } = await getTenant(ctx, tenantId)
  return viewOf(await loadRun(ctx, tenantId, runId), placement === 'customer')
}

/** The tenant's runs, newest first. A run's id begins with its time. */
export async function listRuns(
  ctx: Ctx,
  query: { readonly tenantId: string; readonly limit: number; readonly after?: string },
): Promise<{ readonly runs: readonly RunSummary[]; readonly next?: string }> {
  const { tenantId, limit, after } = query
  await getTenant(ctx, tenantId)
  if (after !== undefined && !isId(after)) throw TableFailure.bad_cursor('This is no cursor of this list.')
  const runs: RunSummary[] = []
  let cursor: string | undefined
  // Steps lie between the runs, so a page of rows may hold few runs, or none.
  do {
    const page = await ctx.table.query({
      pk: runPartition(tenantId),
      // The steps of the last run shown sort behind it, so that this ends with its own row.
      sk: after === undefined ? { beginsWith: 'run#' } : { between: ['run#', `run#${after}`] },
      descending: true,
      limit: ROWS_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    const rows = page.items.filter(({ sk }) => !sk.includes('#step#')).map((item) => Run.parse(item))
    runs.push(...rows.filter(({ runId }) => runId !== after).map(summaryOf))
    cursor = page.cursor
  } while (cursor !== undefined && runs.length <= limit)
  const shown = runs.slice(0, limit)
  const last = shown.at(-1)
  return { runs: shown, ...(runs.length > limit && last !== undefined ? { next: last.runId } : {}) }
}

/** A run's id, as it is minted. */
function isId(text: string): boolean {
  return /^run_[0-9a-z]+$/i.test(text)
}

const ROWS_A_PAGE = 100

function summaryOf(run: Run): RunSummary {
  const { version: _, steps: __, wantedInstead: ___, ...rest } = run
  return rest
}

function viewOf({ run, steps }: RunWithSteps, isInTheirAccount: boolean): RunView {
  const behind = steps.filter(({ status }) => status === 'done' || status === 'skipped').length
  const current = run.status === 'working' ? currentStep(steps) : undefined
  const said = current === undefined ? saysOf.run(run) : saysOf.step(current)
  const { runId, tenantId, kind, status, startedAt, finishedAt, templateVersion } = run
  return {
    runId,
    tenantId,
    kind,
    status,
    startedAt,
    progress: { done: behind, of: steps.length },
    whoActs: current?.whoActs ?? 'nobody',
    ...said,
    isInTheirAccount,
    steps: steps.map(stepView),
    ...(templateVersion === undefined ? {} : { templateVersion }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  }
}

function stepView(step: StepRow): StepView {
  const { name, status, attempt, whoActs, nextAt, observedAt, waitsFor, error } = step
  const left = leftBy(step)
  return {
    name,
    status,
    attempt,
    whoActs,
    ...saysOf.step(step),
    ...(nextAt === undefined ? {} : { nextAt }),
    ...(observedAt === undefined ? {} : { observedAt }),
    ...(waitsFor === undefined ? {} : { waitsFor }),
    ...(error === undefined ? {} : { error }),
    ...(left === undefined ? {} : { left }),
  }
}
