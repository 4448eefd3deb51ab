import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { listDeliveries } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import type { Fault } from '../platform/faults.ts'
import { mailsOf } from './life-of-an-event.ts'
import { type Act, playStory } from './story.ts'
import { atEffect, deadLetters } from './worker.ts'

/** `after` is the effect whose caller hears of a failure and lives on; a twin handles every message at the same time. */
const modes: readonly { readonly fault: Fault; readonly isTwinned: boolean }[] = [
  { fault: 'crash_before', isTwinned: false },
  { fault: 'crash_after', isTwinned: false },
  { fault: 'after', isTwinned: false },
  { fault: 'crash_before', isTwinned: true },
  { fault: 'crash_after', isTwinned: true },
]

/** Lives played at once: most of a life is waiting for files. */
const PLAYED_AT_ONCE = 6

export type EveryEffect = {
  /** What everybody sees when nothing fails. */
  readonly expected: Awaited<ReturnType<typeof endingOf>>
  readonly boundaries: number
  readonly runs: number
  /** Where an ending was another than the expected one, and how it differed. */
  readonly wrong: readonly string[]
}

/** Plays a story with each fault at each of its effects from act `from` on, and compares every ending with the quiet one. */
export async function atEveryEffect(
  reader: MailReader,
  acts: readonly Act[],
  from = 0,
  licenceKeys: Readonly<Record<string, string>> = {},
): Promise<EveryEffect> {
  const effects = await quietly(reader, acts, licenceKeys)
  const first = from === 0 ? 0 : (await quietly(reader, acts.slice(0, from), licenceKeys)).seen.length
  const wrong: string[] = []
  const plays = modes.flatMap(({ fault, isTwinned }) =>
    effects.seen.slice(first).map((name, index) => async () => {
      const nth = first + index + 1
      const where = `${fault}${isTwinned ? ' beside a twin' : ''} at effect ${nth} (${name})`
      const twin = isTwinned ? { twinSeed: nth } : {}
      const ending = await endingAfter(reader, acts, { plan: atEffect(nth, fault), licenceKeys, ...twin })
      if (JSON.stringify(ending) !== JSON.stringify(effects.ending)) wrong.push(`${where}: ${told(ending)}`)
    }),
  )
  const runs = plays.length
  await Promise.all(Array.from({ length: PLAYED_AT_ONCE }, () => playInTurn(plays)))
  return { expected: effects.ending, boundaries: effects.seen.length - first, runs, wrong }
}

async function playInTurn(plays: (() => Promise<void>)[]): Promise<void> {
  for (let play = plays.shift(); play !== undefined; play = plays.shift()) await play()
}

async function quietly(reader: MailReader, acts: readonly Act[], licenceKeys: Readonly<Record<string, string>>) {
  const seen: string[] = []
  const ending = await endingAfter(reader, acts, { plan: atEffect(0, 'none', seen), licenceKeys })
  if (ending instanceof Error) throw ending
  return { seen, ending }
}

type Plan = Pick<Parameters<typeof playStory>[0], 'plan' | 'twinSeed' | 'licenceKeys'>

async function endingAfter(reader: MailReader, acts: readonly Act[], plan: Plan) {
  try {
    const story = await playStory({ reader, acts, ...plan })
    const ending = await endingOf(story)
    await story.platform.close()
    return ending
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function told(ending: object): string {
  return ending instanceof Error ? (ending.stack ?? ending.message) : JSON.stringify(ending)
}

/**
 * What a mail that a dying door took without saying so is told as, beside the one that comes again: a copy, or, found by the sweep without
 * its envelope, an answer in the mailbox for invites.
 */
const TAKEN_TWICE: ReadonlySet<string> = new Set(['ignored: duplicate_mail', 'ignored: method_not_for_this_mailbox'])

/** What the world can see in the end. */
async function endingOf({ worker, platform }: Awaited<ReturnType<typeof playStory>>) {
  const mails = (await mailsOf(platform)).map(({ to, subject, calendar }) => {
    const [method, sequence] = [/^METHOD:\w+/m.exec(calendar)?.[0], /^SEQUENCE:\d+/m.exec(calendar)?.[0]]
    return [to, subject.split(':')[0], method, sequence].join(' ').trim()
  })
  const outcomes: string[] = []
  for (const day of ['2026-11-24', '2026-11-25'])
    for (const { outcome } of (await listDeliveries(worker.ctx, { day, limit: 100 })).deliveries)
      outcomes.push(`${outcome?.kind}: ${outcome?.reason}`)
  return {
    mails: mails.toSorted(),
    outcomes: outcomes.filter((outcome) => !TAKEN_TWICE.has(outcome)).toSorted(),
    events: await eventsOf(worker.ctx),
    deadLetters: await deadLetters(worker),
  }
}

async function eventsOf(ctx: Parameters<typeof listEvents>[0]) {
  const { events } = await listEvents(ctx, { limit: 10 })
  const read = events.map(async ({ eventId, status, sequence }) => {
    const { attendees, answers, mail, clients, over_time } = await readStatistics(ctx, eventId)
    const { accepted, declined, none } = answers
    const days = { invited: 0, sent: 0, accepted: 0, declined: 0 }
    for (const day of over_time) {
      days.invited += day.invited
      days.sent += day.sent
      days.accepted += day.accepted
      days.declined += day.declined
    }
    return {
      status,
      sequence,
      attendees,
      accepted,
      declined,
      none,
      sent: mail.sent,
      failed: mail.failed,
      clients,
      days,
    }
  })
  return Promise.all(read)
}
