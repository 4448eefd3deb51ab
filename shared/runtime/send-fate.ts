import * as z from 'zod'
import { SesSendEvent } from '#shared/contracts/ses-send-event.ts'
import { isSetupText } from '#shared/contracts/ses-setup.ts'
import type { SendFate } from '#shared/platform/mailer.ts'
import type { Clock, Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'

const FateRow = z.object({ mailerMessageId: z.string() })

function fateKey(sendId: string) {
  return { pk: `fate#${sendId}`, sk: 'fate' }
}

/**
 * Keeps what the mailer's event feed tells of one attempt, found by its tag `sendId`. Any event proves that the mail was accepted, so
 * they may come in any order and any number of times. An event without our tag (a test mail from the console) is nobody's. Throws for a
 * body that is no event of SES. Answers the event, when it is about a mail of ours.
 */
export async function recordSendEvent(
  ctx: { readonly table: Table; readonly clock: Clock; readonly log: Log },
  body: string,
  { keptSeconds }: { readonly keptSeconds: number },
): Promise<SesSendEvent | undefined> {
  // Every new stack gets one: as a dead letter it would keep the alarm red and hide what is really lost.
  if (isSetupText(body)) {
    ctx.log.info({ at: 'feedback.setup_notice' })
    return undefined
  }
  const sendEvent = SesSendEvent.parse(JSON.parse(body))
  const sendId = sendEvent.mail.tags?.sendId?.[0]
  if (sendId === undefined) {
    ctx.log.warn({ at: 'feedback.untagged', eventType: sendEvent.eventType })
    return undefined
  }
  await ctx.table.write({
    kind: 'update',
    key: fateKey(sendId),
    set: {
      mailerMessageId: sendEvent.mail.messageId,
      [`at${sendEvent.eventType.replaceAll(/[^A-Za-z]/g, '')}`]: ctx.clock.now(),
      ...(sendEvent.bounce === undefined ? {} : { bounceType: sendEvent.bounce.bounceType }),
      expiresAt: Math.floor(ctx.clock.now() / 1000) + keptSeconds,
    },
  })
  return sendEvent
}

/** What the feed has told of an attempt; silence proves nothing, since the feed may be late. */
export async function sendFateOf(table: Table, sendId: string): Promise<SendFate> {
  const row = FateRow.safeParse(await table.get(fateKey(sendId)))
  return row.success ? { fate: 'accepted', mailerMessageId: row.data.mailerMessageId } : { fate: 'unknown' }
}
