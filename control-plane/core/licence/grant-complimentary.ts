import type { Ctx } from '../context.ts'
import { assertServable } from './assert-servable.ts'
import { monthsAfter } from './calendar.ts'
import type { Licence } from './licence.ts'
import { getLicence } from './licence-store.ts'
import { moveLicence } from './move-licence.ts'

/** Gives a licence without charge until `endsAt` (epoch milliseconds; a year from now unless said), then the same tail as an unpaid one. Throws `licence.wrong_state`, `tenant.wrong_state`. */
export async function grantComplimentary(
  ctx: Ctx,
  input: { readonly licenceId: string; readonly endsAt?: number; readonly reason: string },
): Promise<Licence> {
  const endsAt = input.endsAt ?? monthsAfter(ctx.clock.now(), 12)
  const licence = await getLicence(ctx, input.licenceId)
  await assertServable(ctx, licence)
  return moveLicence(ctx, { licence, licenceEvent: { kind: 'granted', endsAt }, reason: input.reason })
}
