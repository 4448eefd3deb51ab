import type { ConfirmationNeeded, CreateFailed } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { InboundDelivery } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import type { Decided } from '#tenant-stack/core/inbound-mail/outcomes.ts'

const DAY_MS = 24 * 3600 * 1000

/** Failure mails per authenticated sender and day: enough for a person who tries again, too few for a loop. */
const FAILED_MAILS_PER_DAY = 10

/** The sender could not be authenticated: at most one confirmation link per address and 24 h, else silence. */
export async function askConfirmation(
  ctx: Ctx,
  input: { readonly delivery: InboundDelivery; readonly address: string; readonly mayAnswer: boolean },
): Promise<Decided> {
  const { mailId, recipient } = input.delivery
  const sends =
    input.mayAnswer && (await takeAnswer(ctx, { kind: 'confirm', address: input.address, mailId, perDay: 1 }))
  const notice: ConfirmationNeeded = { mailId, recipient, to: input.address }
  return {
    outcome: {
      kind: 'needs_confirmation',
      reason: 'sender_not_authenticated',
      answer: sends ? 'confirmation_link' : 'nothing',
      eventIds: [],
    },
    notices: sends ? [{ topicName: 'confirmation-needed', body: JSON.stringify(notice) }] : [],
  }
}

/** An authenticated organizer is told what was wrong, once per mail. */
export async function failedAnswer(
  ctx: Ctx,
  input: { readonly delivery: InboundDelivery; readonly to: string; readonly mayAnswer: boolean },
  reasons: readonly string[],
  fileName?: string,
): Promise<Decided> {
  const { mailId, recipient } = input.delivery
  const [reason = 'not_a_calendar'] = reasons
  const sends =
    input.mayAnswer &&
    (await takeAnswer(ctx, { kind: 'failed', address: input.to, mailId, perDay: FAILED_MAILS_PER_DAY }))
  const notice: CreateFailed = {
    mailId,
    recipient,
    to: input.to,
    reason,
    ordinal: 0,
    ...(fileName === undefined ? {} : { fileName }),
  }
  return {
    outcome: { kind: 'ignored', reason, answer: sends ? 'failed_mail' : 'nothing', eventIds: [] },
    notices: sends ? [{ topicName: 'create-failed', body: JSON.stringify(notice) }] : [],
  }
}

/**
 * Takes one of the day's automatic answers to an address (RFC 3834 §2: never more than needed, against loops and backscatter).
 * The same mail asking again holds the place it took.
 */
async function takeAnswer(
  ctx: Ctx,
  input: {
    readonly kind: 'confirm' | 'failed'
    readonly address: string
    readonly mailId: string
    readonly perDay: number
  },
): Promise<boolean> {
  const now = ctx.clock.now()
  for (let place = 0; place < input.perDay; place += 1) {
    try {
      await ctx.table.write({
        kind: 'put',
        item: {
          pk: `answered#${ctx.sha256(input.address)}`,
          sk: `${input.kind}#${place}`,
          mailId: input.mailId,
          at: now,
          expiresAt: Math.floor((now + DAY_MS) / 1000),
        },
        when: {
          anyOf: [
            { attribute: 'at', is: 'absent' },
            { attribute: 'at', is: '<', value: now - DAY_MS },
            { attribute: 'mailId', is: '=', value: input.mailId },
          ],
        },
      })
      return true
    } catch (error) {
      if (!isFailure(error, 'table.condition_failed')) throw error
    }
  }
  return false
}
