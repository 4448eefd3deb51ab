import type { CloudPlace } from '#control-plane/cloud/cloud.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import { PAUSE_MAX_MILLISECONDS } from './context.ts'

type Budget = {
  /** Least time between two calls: the limit's own rate, which no burst passes. */
  readonly intervalMilliseconds: number
  /** What shares it: the account, or the account in a region. */
  readonly per: 'account' | 'region'
}

/** How fast each service may be asked (defaults of AWS; control plane design, "Quotas with figures"). */
export const budgets = {
  /** 5 requests a second for the whole account, all APIs together. */
  route53: { intervalMilliseconds: 200, per: 'account' },
  /** About 1 a second for each control API, and no more than that for all of them. */
  ses: { intervalMilliseconds: 1000, per: 'region' },
  acm: { intervalMilliseconds: 200, per: 'region' },
  cloudformation: { intervalMilliseconds: 500, per: 'region' },
  /** A new stack makes a REST API (1 in 3 s) and a deployment (1 in 5 s). */
  stack_creation: { intervalMilliseconds: 5000, per: 'region' },
  /** CreateDomainName and DeleteDomainName: 1 in 30 s, not adjustable. */
  custom_domain: { intervalMilliseconds: 30_000, per: 'region' },
  /** DeleteRestApi: 1 in 30 s, not adjustable. */
  stack_deletion: { intervalMilliseconds: 30_000, per: 'region' },
  organizations: { intervalMilliseconds: 1000, per: 'account' },
  sts: { intervalMilliseconds: 50, per: 'account' },
  /** Simulations of policies; AWS documents no rate. */
  iam: { intervalMilliseconds: 100, per: 'account' },
  s3: { intervalMilliseconds: 20, per: 'region' },
  dynamodb: { intervalMilliseconds: 20, per: 'region' },
  /** Lists are counted for it. */
  quotas: { intervalMilliseconds: 1000, per: 'region' },
} as const satisfies { readonly [name: string]: Budget }
export type ServiceName = keyof typeof budgets

export const BudgetFailure = defineFailures('budget', {
  /** No call is free for a while: it ends a visit and is no trouble of the step; `cause` is when to come again. */
  spent: { status: 429, retry: true },
})

/** When a call will be free again, of a visit that ended because none was. */
export function spentUntil(error: unknown): number | undefined {
  return isFailure(error, 'budget.spent') && typeof error.cause === 'number' ? error.cause : undefined
}

/** Whoever loses so often to others stands back for a moment. */
const TRIES = 12
const KEEP_SECONDS = 3600

/**
 * Waits for the right to make one call. The row holds when the next call may be made, and each taker moves it on by one interval under
 * a condition, so that calls of all workers together keep the interval. A wait beyond a moment ends the visit. Tenants take turns because
 * each has one step under way, and who was put off comes back at a time of its own.
 */
export async function takeToken(
  ctx: Ctx & { readonly pause: (milliseconds: number) => Promise<void> },
  serviceName: ServiceName,
  place: Pick<CloudPlace, 'awsAccountId' | 'region'>,
): Promise<void> {
  const { intervalMilliseconds, per } = budgets[serviceName]
  const where = per === 'account' ? place.awsAccountId : `${place.awsAccountId}/${place.region}`
  const key = { pk: `budget#${where}#${serviceName}`, sk: 'budget' }
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const row = await ctx.table.get(key)
    const known = typeof row?.freeAt === 'number' ? row.freeAt : undefined
    const now = ctx.clock.now()
    const slot = Math.max(known ?? 0, now)
    if (slot - now > PAUSE_MAX_MILLISECONDS) throw spent(serviceName, slot)
    const isMine = await isWritten(
      ctx,
      {
        ...key,
        freeAt: slot + intervalMilliseconds,
        expiresAt: Math.ceil(slot / 1000) + KEEP_SECONDS,
      },
      known,
    )
    if (!isMine) continue
    if (slot > now) await ctx.pause(slot - now)
    return
  }
  throw spent(serviceName, ctx.clock.now() + intervalMilliseconds)
}

async function isWritten(
  ctx: Ctx,
  item: { readonly pk: string; readonly sk: string; readonly freeAt: number; readonly [name: string]: string | number },
  known: number | undefined,
): Promise<boolean> {
  try {
    await ctx.table.write({
      kind: 'put',
      item,
      // An expired row may still lie there: it is as good as absent.
      when:
        known === undefined
          ? { anyOf: [{ row: 'absent' }, { attribute: 'freeAt', is: '<=', value: ctx.clock.now() }] }
          : { attribute: 'freeAt', is: '=', value: known },
    })
    return true
  } catch (error) {
    if (isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')) return false
    throw error
  }
}

function spent(serviceName: ServiceName, at: number) {
  return BudgetFailure.spent(`no call to ${serviceName} is free yet`, { cause: at })
}
