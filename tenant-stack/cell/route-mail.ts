import { inletKey } from '#shared/contracts/cell-inlet.ts'
import { mailIdOfSes, mailReceivedOf, type SesReceipt } from '#shared/contracts/ses-receipt.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type CellCtx, CellFailure } from './context.ts'
import { findInletMail, keepNotice } from './inlet-ledger.ts'
import { routeNotice } from './route-notice.ts'

export type RouteOutcome = 'routed' | 'already_routed'

/** A received mail to the tenants it is for. The key that makes a second time harmless is the mailId, which is SES's messageId. */
export async function routeMail(ctx: CellCtx, sesReceipt: SesReceipt): Promise<RouteOutcome> {
  const { messageId } = sesReceipt.mail
  const mailId = mailIdOfSes(messageId)
  if (await finishIfRouted(ctx, messageId)) return 'already_routed'
  const stored = await ctx.inlet.head(inletKey(messageId))
  try {
    if (stored === undefined) throw CellFailure.object_missing(`the object of ${mailId} is not in the inlet`)
    const notice = mailReceivedOf(sesReceipt, { sizeBytes: stored.sizeBytes })
    await keepNotice(ctx, notice)
    await routeNotice(ctx, messageId, notice)
    return 'routed'
  } catch (error) {
    const isGone = isFailure(error, 'cell.object_missing') || isFailure(error, 'blob.not_found')
    // A twin that was faster has taken the object away.
    if (isGone && (await finishIfRouted(ctx, messageId))) return 'already_routed'
    throw error
  }
}

/** Takes the object away when everybody has his copy: whoever said so may have died before he could. */
export async function finishIfRouted(ctx: CellCtx, sesMessageId: string): Promise<boolean> {
  const known = await findInletMail(ctx, mailIdOfSes(sesMessageId))
  if (known?.state !== 'routed') return false
  await ctx.inlet.delete(inletKey(sesMessageId))
  return true
}
