import { commit } from '#control-plane/core/commit.ts'
import type { Principal } from '#control-plane/core/person/principal.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { limitRate } from '#shared/rates/limit-rate.ts'
import type { ControlCtx } from './env.ts'

/** Enough to see an attack; more rows would only be the attack's own work. */
const DENIED = { name: 'denied', max: 60, windowSeconds: 3600 } as const

/** Writes down that somebody tried what his role may not do, where his organization can read it. */
export async function auditDenied(ctx: ControlCtx, principal: Principal, operationId: string): Promise<void> {
  try {
    await limitRate(ctx, DENIED, `${principal.actor.type}:${principal.actor.id}`)
  } catch (error) {
    if (isFailure(error, 'rate.too_many')) return
    throw error
  }
  const { organization } = principal
  await commit(ctx, {
    operations: [],
    audit: {
      action: 'access.denied',
      target: { kind: 'operation', id: operationId },
      result: 'denied',
      ...(organization.kind === 'licensee' ? { licenseeId: organization.licenseeId } : {}),
    },
  })
}
