import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { openPartition, Refund } from './refund.ts'

const ROWS_A_PAGE = 100

/** Refunds that are under way or came to nothing, oldest first; the vendor's. */
export async function listRefunds(
  ctx: BillingCtx,
  query: { readonly limit: number; readonly after?: string },
): Promise<{ readonly refunds: readonly Refund[]; readonly next?: string }> {
  const page = await ctx.table.query({
    index: 'gsi2',
    pk: openPartition,
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  const refunds = page.items.map((item) => Refund.parse(item))
  return { refunds, ...(page.cursor === undefined ? {} : { next: page.cursor }) }
}

/** One of them by its id: they are few. Throws `billing.no_refund`. */
export async function openRefund(ctx: BillingCtx, refundId: string): Promise<Refund> {
  let cursor: string | undefined
  do {
    const { refunds, next } = await listRefunds(ctx, {
      limit: ROWS_A_PAGE,
      ...(cursor === undefined ? {} : { after: cursor }),
    })
    const found = refunds.find((refund) => refund.refundId === refundId)
    if (found !== undefined) return found
    cursor = next
  } while (cursor !== undefined)
  throw BillingFailure.no_refund('There is no such refund that is not over.')
}
