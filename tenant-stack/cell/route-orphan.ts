import { inletKey } from '#shared/contracts/cell-inlet.ts'
import type { MailReceived } from '#shared/contracts/notices.ts'
import { mailIdOfSes } from '#shared/contracts/ses-receipt.ts'
import type { BlobInfo } from '#shared/platform/blobs.ts'
import type { CellCtx } from './context.ts'
import { deliverToTenant } from './deliver-to-tenant.ts'
import { groupRecipients } from './group-recipients.ts'
import { findInletMail, type InletMail, keepSwept } from './inlet-ledger.ts'
import { redactTrace } from './redact-trace.ts'
import { finishIfRouted } from './route-mail.ts'
import { routeNotice } from './route-notice.ts'
import { tracedRecipient } from './traced-recipient.ts'

export type Orphan = { readonly sesMessageId: string; readonly blob: BlobInfo }

/** What became of an object that lay too long; `waits`: swept before, and its receipt may come yet. */
export type OrphanOutcome = 'routed' | 'swept' | 'waits' | 'unroutable'

/** Routes by the receipt when the router had seen it, and otherwise by the trace that SES left in the mail. */
export async function routeOrphan(ctx: CellCtx, orphan: Orphan): Promise<OrphanOutcome> {
  const { sesMessageId } = orphan
  if (await finishIfRouted(ctx, sesMessageId)) return 'routed'
  const known = await findInletMail(ctx, mailIdOfSes(sesMessageId))
  if (known?.state === 'swept') return 'waits'
  if (known?.notice === undefined) return routeByTrace(ctx, orphan, known)
  await routeNotice(ctx, sesMessageId, known.notice)
  ctx.log.warn({ at: 'cell.swept', sesMessageId, by: 'receipt' })
  return 'routed'
}

/**
 * Without its receipt a mail has no verdicts and counts as unauthenticated. The trace names one recipient and the envelope may have had
 * more: the copy is redacted, and the object stays until its lifecycle ends it, so that a late receipt can still be followed.
 */
async function routeByTrace(
  ctx: CellCtx,
  { sesMessageId, blob }: Orphan,
  known: InletMail | undefined,
): Promise<OrphanOutcome> {
  const mailId = mailIdOfSes(sesMessageId)
  // Read once: an object that cannot be routed is looked at by every sweep, and may have 40 MB.
  const raw = known === undefined ? await ctx.inlet.get(inletKey(sesMessageId)) : undefined
  const recipient = raw === undefined ? known?.tracedRecipient : tracedRecipient(raw, sesMessageId)
  const traced = recipient === undefined ? {} : { tracedRecipient: recipient }
  const { tenants } = await groupRecipients(ctx, recipient === undefined ? [] : [recipient])
  const [tenant] = tenants
  if (tenant === undefined) {
    if (raw !== undefined) await keepSwept(ctx, mailId, { state: 'unroutable', ...traced })
    return 'unroutable'
  }
  const redacted = redactTrace(raw ?? (await ctx.inlet.get(inletKey(sesMessageId))))
  const notice: MailReceived = {
    mailId,
    receivedAt: blob.storedAt,
    sizeBytes: redacted.byteLength,
    envelopeFrom: '',
    recipients: [...tenant.recipients],
  }
  await deliverToTenant(ctx, { sesMessageId, notice, tenant, redacted })
  await keepSwept(ctx, mailId, { state: 'swept', ...traced })
  ctx.log.warn({ at: 'cell.swept', sesMessageId, by: 'trace' })
  return 'swept'
}
