import * as z from 'zod'
import type { SesSendEvent } from '#shared/contracts/ses-send-event.ts'
import type { SendFate } from '#shared/platform/mailer.ts'
import type { Table } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { LEDGER_ROW_SECONDS } from './ledger.ts'

const FateRow = z.object({ mailerMessageId: z.string() })

function fateKey(sendId: string) {
  return { pk: `fate#${sendId}`, sk: 'fate' }
}

/**
 * Keeps what the mailer's event feed tells of one attempt, found by its tag `sendId`. Any event proves that the mail was accepted, so
 * they may come in any order and any number of times. An event without our tag (a test mail from the console) is nobody's.
 */
export async function recordSendEvent(ctx: Ctx, sendEvent: SesSendEvent): Promise<void> {
  const sendId = sendEvent.mail.tags?.sendId?.[0]
  if (sendId === undefined) {
    ctx.log.warn({ at: 'feedback.untagged', eventType: sendEvent.eventType })
    return
  }
  await ctx.table.write({
    kind: 'update',
    key: fateKey(sendId),
    set: {
      mailerMessageId: sendEvent.mail.messageId,
      [`at${sendEvent.eventType.replaceAll(/[^A-Za-z]/g, '')}`]: ctx.clock.now(),
      ...(sendEvent.bounce === undefined ? {} : { bounceType: sendEvent.bounce.bounceType }),
      expiresAt: Math.floor(ctx.clock.now() / 1000) + LEDGER_ROW_SECONDS,
    },
  })
}

/** What the feed has told of an attempt; silence proves nothing, since the feed may be late. */
export async function sendFateOf(table: Table, sendId: string): Promise<SendFate> {
  const row = FateRow.safeParse(await table.get(fateKey(sendId)))
  return row.success ? { fate: 'accepted', mailerMessageId: row.data.mailerMessageId } : { fate: 'unknown' }
}
