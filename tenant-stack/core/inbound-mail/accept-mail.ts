import { inboundBlobKey, type MailReceived } from '#shared/contracts/notices.ts'
import type { Ctx } from '../context.ts'
import { publish } from '../publish.ts'

/** A mail as an SMTP door takes it. */
export type AcceptedMail = {
  readonly raw: Uint8Array
  readonly envelopeFrom: string
  readonly recipients: readonly string[]
  readonly origin: { readonly remoteAddress: string; readonly helo: string }
}

/**
 * Makes a mail ours: when this resolves its bytes and its notice are durable, and only then may the door answer 250.
 * Killed in between, the bytes alone stay; the sender sends again, and the sweep finds the orphan to be a duplicate.
 */
export async function acceptMail(ctx: Ctx, mail: AcceptedMail): Promise<{ readonly mailId: string }> {
  const mailId = ctx.ids.newId('mail')
  await ctx.blobs.put(inboundBlobKey(mailId), mail.raw)
  const notice: MailReceived = {
    mailId,
    receivedAt: ctx.clock.now(),
    sizeBytes: mail.raw.byteLength,
    envelopeFrom: mail.envelopeFrom,
    recipients: [...mail.recipients],
    origin: { ...mail.origin },
  }
  await publish(ctx, 'mail-received', notice)
  return { mailId }
}
