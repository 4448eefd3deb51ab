import * as z from 'zod'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'

/** Who answers a mail of ours does so within the years that his mailbox keeps it; this long we know it again. */
const ROW_SECONDS = 400 * 86_400

const Reference = z.object({ eventId: z.string() })

/**
 * By the local part alone: SES puts an id of its own, `<messageId>@email.amazonses.com` or `@<region>.amazonses.com`, in the place of ours
 * (SES, "Message-ID header").
 */
function referenceKey(ctx: Ctx, messageId: string) {
  const [localPart = ''] = messageId.trim().replace(/^</, '').split('@')
  return { pk: `reference#${ctx.sha256(localPart)}`, sk: 'event' }
}

/** Keeps which event a mail to its organizer was about, under each id that his answer may name. */
export function referenceOperations(
  ctx: Ctx,
  eventId: string,
  messageIds: readonly (string | undefined)[],
): readonly WriteOperation[] {
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + ROW_SECONDS
  const known = new Set(messageIds.flatMap((messageId) => messageId ?? []))
  return [...known].map((messageId) => ({
    kind: 'put',
    item: { ...referenceKey(ctx, messageId), eventId, expiresAt },
  }))
}

/** The event that the first known of some message ids is about. */
export async function referredEventId(ctx: Ctx, messageIds: readonly string[]): Promise<string | undefined> {
  for (const messageId of messageIds) {
    const row = await ctx.table.get(referenceKey(ctx, messageId))
    if (row !== undefined) return Reference.parse(row).eventId
  }
  return undefined
}
