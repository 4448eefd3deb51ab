import { isFailure } from '#shared/errors/failure.ts'
import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import type { Ctx } from '../context.ts'

/** A copy of the same mail that comes later than this is taken for a new one. */
const SEEN_SECONDS = 30 * 24 * 3600

/**
 * True for the first received copy of a mail in one mailbox; SES and clients deliver twice under two mailIds. The copy is known by
 * (Message-ID, hash of the body, mailbox); a mail without Message-ID is never taken for a copy.
 */
export async function isFirstCopy(
  ctx: Ctx,
  mail: DisassembledMail,
  delivery: { readonly mailId: string; readonly recipient: string },
): Promise<boolean> {
  if (mail.messageId === undefined) return true
  const key = { pk: `seen#${ctx.sha256(`${mail.messageId}\n${mail.bodyHash}\n${delivery.recipient}`)}`, sk: 'seen' }
  try {
    await ctx.table.write({
      kind: 'put',
      item: { ...key, mailId: delivery.mailId, expiresAt: Math.floor(ctx.clock.now() / 1000) + SEEN_SECONDS },
      when: { anyOf: [{ row: 'absent' }, { attribute: 'mailId', is: '=', value: delivery.mailId }] },
    })
    return true
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return false
  }
}
