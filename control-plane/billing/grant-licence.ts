import { grantComplimentary } from '#control-plane/core/licence/grant-complimentary.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import type { BillingCtx } from './billing-context.ts'
import { dropOrder } from './drop-order.ts'

/** Gives a licence without charge; an order of it that nobody has paid is taken back first, or it could be paid on top. Throws as `dropOrder` and `grantComplimentary` do. */
export async function grantLicence(ctx: BillingCtx, input: Parameters<typeof grantComplimentary>[1]): Promise<Licence> {
  const licence = await getLicence(ctx, input.licenceId)
  if (licence.state === 'checkout_pending') await dropOrder(ctx, input)
  return grantComplimentary(ctx, input)
}
