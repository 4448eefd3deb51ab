import type { Ctx } from '../context.ts'
import { isWritten } from './suppress.ts'
import { type Suppressed, SuppressionFailure, suppressionIdOf, suppressionKey } from './suppression.ts'

/** Lets an address be sent to again, whatever it was suppressed for. Throws `suppression.not_found`. */
export async function liftSuppression(ctx: Ctx, { suppressionId }: { readonly suppressionId: string }): Promise<void> {
  const key = suppressionKey(suppressionId)
  if (key === undefined || (await ctx.table.get(key)) === undefined)
    throw SuppressionFailure.not_found('There is no such suppression.')
  await ctx.table.write({ kind: 'delete', key })
}

/** Takes an unsubscription back; what is suppressed for another reason too stays so. */
export async function resubscribe(ctx: Ctx, suppressed: Suppressed): Promise<void> {
  const key = suppressionKey(suppressionIdOf(ctx, suppressed))
  if (key === undefined) return
  const onlyThat = { attribute: 'reason', is: '=', value: 'unsubscribe' } as const
  if (await isWritten(ctx, { kind: 'delete', key, when: onlyThat })) return
  const thatToo = { attribute: 'isAlsoUnsubscribed', is: 'present' } as const
  await isWritten(ctx, { kind: 'update', key, remove: ['isAlsoUnsubscribed'], when: thatToo })
}
