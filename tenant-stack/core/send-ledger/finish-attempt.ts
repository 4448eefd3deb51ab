import type { Ctx } from '../context.ts'
import { type Claim, releaseLedger } from './claim-ledger.ts'
import type { Delivered } from './deliver.ts'

/** How long a definite "not now" of the mailer rests before the sweep tries again, twice as long each time. */
const RETRY_AFTER_MS = 30_000
const RETRY_AFTER_MS_MAX = 15 * 60_000

/** Gives a claim back after an attempt: finished, due again soon, or left alone until its unknown mails may be asked about again. */
export async function finishAttempt(
  ctx: Ctx,
  claim: Claim,
  delivered: Delivered,
  state: 'DONE' | 'SUPERSEDED' = 'DONE',
): Promise<'sent' | 'later'> {
  if (delivered.isComplete) {
    await releaseLedger(ctx, claim, { state })
    return 'sent'
  }
  const now = ctx.clock.now()
  const restMs = delivered.retry > 0 ? Math.min(RETRY_AFTER_MS * 2 ** (claim.attempt - 1), RETRY_AFTER_MS_MAX) : 0
  if (delivered.unknown > 0)
    await releaseLedger(ctx, claim, { state: 'UNKNOWN', dueAt: now + ctx.settings.unknownSendSeconds * 1000 })
  else await releaseLedger(ctx, claim, { state: 'PLANNED', dueAt: now + restMs })
  return 'later'
}
