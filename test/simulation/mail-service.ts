import { AsyncLocalStorage } from 'node:async_hooks'
import type { Mailer, OutgoingMail } from '#shared/platform/mailer.ts'
import { recordSendEvent, sendFateOf } from '#shared/runtime/send-fate.ts'
import { queueNameOf } from '#tenant-stack/manifest.ts'
import type { MemoryPlatform } from '../harness/platform/memory-platform.ts'
import type { SeededRandom } from '../harness/platform/seeded-random.ts'

/** The step at which the work began that is now going on. */
export const workSince = new AsyncLocalStorage<number>()

export type HandedOver = { readonly to: string; readonly raw: string; readonly sendId: string; readonly since: number }

type FeedEvent = { readonly dueAt: number; readonly body: string; readonly isSend: boolean }

/** The feed is late by so much at most; how an attempt ended is waited for longer (`unknownSendSeconds`). */
const FEED_LATE_SECONDS_MAX = 600
/** Of so many mails one is told of too late for whoever waits for it. */
const TOLD_TOO_LATE_ONE_IN = 2000
/** Of so many mails to attendees one bounces for good. */
const BOUNCES_ONE_IN = 25

export type MailService = {
  readonly mailer: Mailer
  /** Every mail that was taken, in order. */
  readonly mails: readonly HandedOver[]
  /** Tells what the feed has to tell by now; `all`: it has caught up; `late`: also of what nobody waits for any more. */
  readonly tell: (all?: 'all' | 'late') => Promise<void>
  /** The address that a body of the feed's queue bounces. */
  readonly bounceOf: (body: string) => string | undefined
  /** Everybody a mail to whom has bounced for good, told or not. */
  readonly bounced: () => readonly string[]
}

/** A mail service like SES: what it has taken is known by its event feed alone, which is late and out of order. */
export function createMailService(
  platform: MemoryPlatform,
  random: SeededRandom,
  isOwn: (address: string) => boolean,
): MailService {
  const mails: HandedOver[] = []
  const bounces = new Map<string, string>()
  const tooLate = new Set<string>()
  let feed: FeedEvent[] = []

  function plan(mail: OutgoingMail, messageId: string, eventType: string, more: object = {}): string {
    const tags = { sendId: [mail.sendId] }
    const timestamp = new Date(platform.clock.now()).toISOString()
    const body = JSON.stringify({ eventType, mail: { messageId, timestamp, tags }, ...more })
    const late = random.below(FEED_LATE_SECONDS_MAX) * 1000
    const dueAt = tooLate.has(mail.sendId) ? Number.POSITIVE_INFINITY : platform.clock.now() + late
    feed.push({ dueAt, body, isSend: eventType === 'Send' })
    return body
  }

  return {
    mails,
    mailer: {
      async send(mail) {
        const sent = await platform.mailer.send(mail)
        const raw = Buffer.from(mail.raw).toString('latin1')
        mails.push({ to: mail.envelopeTo, raw, sendId: mail.sendId, since: workSince.getStore() ?? 0 })
        if (random.below(TOLD_TOO_LATE_ONE_IN) === 0) tooLate.add(mail.sendId)
        plan(mail, sent.mailerMessageId, 'Send')
        if (!isOwn(mail.envelopeTo) && random.below(BOUNCES_ONE_IN) === 0) {
          const bounce = { bounceType: 'Permanent', bounceSubType: 'General' }
          bounces.set(plan(mail, sent.mailerMessageId, 'Bounce', { bounce }), mail.envelopeTo)
        } else plan(mail, sent.mailerMessageId, 'Delivery')
        return sent
      },
      lookup: (sendId) => sendFateOf(platform.table, sendId),
    },
    async tell(all) {
      const now = platform.clock.now()
      const until = { all: Number.MAX_VALUE, late: Number.POSITIVE_INFINITY }
      const due = feed.filter(({ dueAt }) => dueAt <= (all === undefined ? now : until[all]))
      feed = feed.filter((one) => !due.includes(one))
      // How an attempt ended is known in time; who is late with it beyond `unknownSendSeconds` is one of TOLD_TOO_LATE_ONE_IN.
      for (const { body, isSend } of due)
        if (isSend) await recordSendEvent(platform, body, { keptSeconds: 86_400 })
        else await platform.queues.send(queueNameOf('feedback'), body)
    },
    bounceOf: (body) => bounces.get(body),
    bounced: () => [...bounces.values()],
  }
}

/** The calendar that a mail carries, unfolded; empty for one without. */
export function calendarOf(raw: string): string {
  const part = /^Content-Type: text\/calendar[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/im.exec(raw)?.[1] ?? ''
  return Buffer.from(part, 'base64')
    .toString()
    .replaceAll(/\r?\n[ \t]/g, '')
    .replaceAll('\r\n', '\n')
}
