import { inboundBlobKey, MailReceived } from '#shared/contracts/notices.ts'
import { mailIdOfSes, mailReceivedOf, SesReceipt } from '#shared/contracts/ses-receipt.ts'
import { isSetupNotice } from '#shared/contracts/ses-setup.ts'
import { BlobFailure } from '#shared/platform/blobs.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { receiveMail } from './receive-mail.ts'

/**
 * Takes a notice of a received mail: our own (from our SMTP door, a cell's router, the sweep), or SES's, where the receipt rule is
 * the tenant's own. SES does not say how large the stored mail is; the store does. Throws `blob.not_found` when SES's notice came
 * before its object can be seen.
 */
export async function receiveNotice(ctx: Ctx, notice: unknown): Promise<void> {
  if (isSetupNotice(notice)) return ctx.log.info({ at: 'inlet.setup_notice' })
  const sesReceipt = SesReceipt.safeParse(notice)
  if (!sesReceipt.success) return receiveMail(ctx, MailReceived.parse(notice))
  const stored = await ctx.blobs.head(inboundBlobKey(mailIdOfSes(sesReceipt.data.mail.messageId)))
  if (stored === undefined) throw BlobFailure.not_found('the received mail is not stored yet')
  return receiveMail(ctx, mailReceivedOf(sesReceipt.data, stored))
}
