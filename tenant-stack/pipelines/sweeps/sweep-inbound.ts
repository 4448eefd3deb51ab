import * as z from 'zod'
import { INBOUND_PREFIX, inboundBlobKey, type MailReceived } from '#shared/contracts/notices.ts'
import type { BlobInfo } from '#shared/platform/blobs.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { isRouted } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { publish } from '#tenant-stack/core/publish.ts'
import { sweeps } from '#tenant-stack/manifest.ts'

const WATERMARK_KEY = { pk: 'sweep#inbound', sk: 'watermark' } as const

/** Epoch milliseconds: everything stored before `through` was seen routed; `wholeAt`: when a sweep last looked at all of it. */
const Watermark = z.object({ through: z.number(), wholeAt: z.number() })

/** A mail is looked at once, and once a day again: a clock that jumped must not hide one for ever. */
const WHOLE_EVERY_MS = 24 * 3600_000

/**
 * Objects that lie there without their ledger rows had a lost notice: they are received now. A swept mail has no verdicts and no origin,
 * so it counts as unauthenticated unless its own signature speaks for it, and its recipients are unknown: it goes to `create@`.
 */
export async function sweepInbound(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now()
  const before = now - sweeps.inbound.olderThanSeconds * 1000
  const row = Watermark.safeParse(await ctx.table.get(WATERMARK_KEY))
  const isWhole = !row.success || now - row.data.wholeAt >= WHOLE_EVERY_MS || row.data.wholeAt > now
  const since = isWhole ? Number.NEGATIVE_INFINITY : row.data.through
  let through = before
  let cursor: string | undefined
  do {
    const page = await ctx.blobs.list(INBOUND_PREFIX, { limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    for (const blob of page.blobs) {
      if (blob.storedAt < since || blob.storedAt >= before) continue
      if (await receiveOrphan(ctx, blob)) through = Math.min(through, blob.storedAt)
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  const wholeAt = isWhole ? now : row.data.wholeAt
  await ctx.table.write({ kind: 'put', item: { ...WATERMARK_KEY, through, wholeAt } })
}

/** True when the mail was not routed: it is looked at again until it is. */
async function receiveOrphan(ctx: Ctx, { key, sizeBytes, storedAt }: BlobInfo): Promise<boolean> {
  // Not every object is a mail: SES leaves one of its own when a receipt rule is made.
  const mailId = /^(mail_[A-Za-z0-9]+)$/.exec(key.slice(INBOUND_PREFIX.length))?.[1]
  if (mailId === undefined || key !== inboundBlobKey(mailId) || (await isRouted(ctx, mailId))) return false
  const notice: MailReceived = {
    mailId,
    receivedAt: storedAt,
    sizeBytes,
    envelopeFrom: '',
    recipients: [mailboxAddress(ctx.settings, 'create')],
  }
  ctx.log.warn({ at: 'sweep.orphan', mailId })
  await publish(ctx, 'mail-received', notice)
  return true
}
