import { isFailure } from '#shared/errors/failure.ts'
import { instantFromMs } from '#shared/icalendar/times.ts'
import type { ReplyDecision } from '#shared/itip/decisions.ts'
import type { Ctx } from '../context.ts'
import { currentPartstat, type Invitation } from '../invitation/invitation.ts'
import { type Answerable, findByAnswerId } from '../reply-address/answer-id.ts'
import { attendeeWords } from './attendee-words.ts'
import { planCatchUpOf } from './catch-up.ts'
import { takeReply } from './take-reply.ts'
import { writeReplies } from './write-replies.ts'

/** What can be answered on a page, by the words of its addresses. */
export const PAGE_ANSWERS = { yes: 'ACCEPTED', no: 'DECLINED', maybe: 'TENTATIVE' } as const
export type PageAnswer = keyof typeof PAGE_ANSWERS

export type PageAnswered = Answerable & {
  /** `time_changed`: what he was shown is no longer so; nothing is recorded before he has seen what is. */
  readonly kind: 'recorded' | 'time_changed' | 'cancelled'
}

type Input = {
  readonly answerId: string
  readonly answer: PageAnswer
  /** SEQUENCE of what he was shown. */
  readonly shownSequence: number
  readonly comment?: string | undefined
}

/** A button pressed twice, or sent again by a browser that got no answer, is one answer. */
const PRESSED_AGAIN_MS = 60_000

/** A mailed answer, or a change of the event, may come between: tried on what is stored then. */
const TRIES = 6

/**
 * An answer given on the page behind an invite's link: recorded as a mailed one is, with its history and the counters. Of two answers the newer
 * counts, whichever way they came. Undefined for a link that is not ours.
 */
export async function answerOnPage(ctx: Ctx, input: Input): Promise<PageAnswered | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await findByAnswerId(ctx, input.answerId)
    if (found === undefined) return undefined
    if (found.calendarEvent.status === 'cancelled') return { ...found, kind: 'cancelled' }
    if (input.shownSequence < found.calendarEvent.lastResetSequence) return { ...found, kind: 'time_changed' }
    try {
      return { ...found, invitation: await record(ctx, found, input), kind: 'recorded' }
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}

async function record(ctx: Ctx, { calendarEvent, invitation }: Answerable, input: Input): Promise<Invitation> {
  const receivedAt = ctx.clock.now()
  const partstat = PAGE_ANSWERS[input.answer]
  const comment = attendeeWords(input.comment)
  const answeredMs = invitation.answerDtstamp === '' ? 0 : Date.parse(invitation.answerDtstamp)
  const isStanding = currentPartstat(invitation, calendarEvent) === partstat && invitation.comment === comment
  if (isStanding && receivedAt - answeredMs < PRESSED_AGAIN_MS) return invitation
  const nowMs = Math.floor(receivedAt / 1000) * 1000
  const decision: ReplyDecision = {
    kind: 'answer',
    partstat,
    sequence: calendarEvent.sequence,
    // Two machines' clocks differ by a little: what is pressed last is the newer answer all the same.
    dtstamp: instantFromMs(Math.max(nowMs, answeredMs)),
    answeredBy: { address: invitation.address.toLowerCase(), relation: 'self' },
    ...(comment === undefined ? {} : { comment }),
    isAfterCancel: false,
  }
  const taken = takeReply(invitation, decision, { receivedAt, client: 'page' })
  const told = { calendarEvent, before: invitation, after: taken.invitation, taken: [taken] }
  const { operations, notices } = writeReplies(ctx, {
    source: { sourceId: ctx.ids.newId('rpl'), channel: 'page', receivedAt },
    ...told,
    caughtUpBy: await planCatchUpOf(ctx, { channel: 'page', ...told }),
    listening: await ctx.webhooks.listening(),
  })
  await ctx.table.transact(operations)
  for (const { topicName, body } of notices) await ctx.topics.publish(topicName, body)
  return taken.invitation
}
