import type { Ctx } from '../context.ts'
import { type Claim, releaseLedger } from './claim-ledger.ts'
import type { Delivered } from './deliver.ts'

/** How long a definite "not now" of the mailer rests before the sweep tries again. */
const RETRY_AFTER_MS = 30_000

/** Gives a claim back after an attempt: finished, due again soon, or left alone until its unknown mails may be asked about again. */
export async function finishAttempt(ctx: Ctx, claim: Claim, delivered: Delivered): Promise<'sent' | 'later'> {
  if (delivered.isComplete) {
    await releaseLedger(ctx, claim, { state: 'DONE' })
    return 'sent'
  }
  const now = ctx.clock.now()
  if (delivered.unknown > 0)
    await releaseLedger(ctx, claim, { state: 'UNKNOWN', dueAt: now + ctx.settings.unknownSendSeconds * 1000 })
  else await releaseLedger(ctx, claim, { state: 'PLANNED', dueAt: now + (delivered.retry > 0 ? RETRY_AFTER_MS : 0) })
  return 'later'
}
