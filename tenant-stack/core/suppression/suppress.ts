import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { SUPPRESSIONS, type Suppressed, Suppression, suppressionIdOf, suppressionKey } from './suppression.ts'

const TIME_DIGITS = 15

/** Sends nothing more to an address. Said again, also for another reason, the first word stands; a transaction's part is `suppressionItem`. */
export async function suppress(
  ctx: Ctx,
  input: Suppressed & Pick<Suppression, 'reason' | 'source'> & { readonly detail?: string },
): Promise<Suppression> {
  const suppression = suppressionOf(ctx, input)
  const item = suppressionItem(suppression)
  try {
    await ctx.table.write({ kind: 'put', item, when: { row: 'absent' } })
    return suppression
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    const first = await ctx.table.get({ pk: item.pk, sk: item.sk })
    return first === undefined ? suppression : Suppression.parse(first)
  }
}

function suppressionOf(
  ctx: Ctx,
  input: Suppressed & Pick<Suppression, 'reason' | 'source'> & { readonly detail?: string },
): Suppression {
  const { organizerAddress, detail } = input
  return {
    suppressionId: suppressionIdOf(ctx, input),
    address: normalizeAddress(input.address),
    ...(organizerAddress === undefined ? {} : { organizerAddress: normalizeAddress(organizerAddress) }),
    reason: input.reason,
    source: input.source,
    ...(detail === undefined ? {} : { detail: detail.slice(0, 500) }),
    createdAt: ctx.clock.now(),
  }
}

function suppressionItem(suppression: Suppression): TableItem {
  const key = suppressionKey(suppression.suppressionId)
  if (key === undefined) throw new Error(`${suppression.suppressionId} is no id of a suppression`)
  const at = String(suppression.createdAt).padStart(TIME_DIGITS, '0')
  return { ...key, gsi2pk: SUPPRESSIONS, gsi2sk: `${at}#${suppression.suppressionId}`, ...suppression }
}
