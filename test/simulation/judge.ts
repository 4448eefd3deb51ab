import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { type AttendeeCalendar, calendarAfter } from '../harness/tenant/attendee-calendar.ts'
import { isAtRest, type Worker } from '../harness/tenant/worker.ts'
import { eventIdOf, guests } from './acts.ts'
import { type Diary, pairOf } from './diary.ts'
import { calendarOf, type HandedOver } from './mail-service.ts'
import type { Meeting } from './meeting.ts'

export type Verdict = {
  readonly lost: readonly string[]
  readonly stuck: readonly string[]
  readonly sentAfterCancel: readonly string[]
  /** Mails beyond the first of each kind, and how many of them no ambiguous send excuses. */
  readonly duplicates: readonly string[]
  readonly unexcused: number
}

type Read = HandedOver & { readonly calendar: string; readonly uid: string }

/** Holds what everybody got against what the organizers meant, by no code of the product's. */
export async function judge(diary: Diary, mails: readonly HandedOver[], worker: Worker): Promise<Verdict> {
  for (const meeting of diary.meetings) await eventIdOf(worker.ctx, diary, meeting)
  const read = mails.map((mail): Read => {
    const calendar = calendarOf(mail.raw)
    return { ...mail, calendar, uid: /^UID:(\S+)@/m.exec(calendar)?.[1] ?? '' }
  })
  const duplicates = doubled(read)
  return {
    lost: diary.meetings.flatMap((meeting) => lostOf(diary, meeting, read)),
    stuck: await unfinished(diary, worker),
    sentAfterCancel: tooLate(diary, read),
    duplicates,
    unexcused: Math.max(0, duplicates.length - diary.ambiguous),
  }
}

/** Invited people whose calendar is not as the organizer's; an organizer who was not told that his event is there. */
function lostOf(diary: Diary, meeting: Meeting, mails: readonly Read[]): readonly string[] {
  const eventId = diary.eventIds.get(meeting.uid)
  const truth = meeting.truth()
  if (eventId === undefined) return truth.isCancelled ? [] : [`${meeting.uid} is no event`]
  const told = mails.some(({ to, raw }) => to === meeting.organizer && raw.includes(meeting.uid))
  const lost = told ? [] : [`${meeting.organizer} does not know of ${meeting.uid}`]
  const wrong = guests.flatMap((address) => {
    if (diary.silentSince.has(address)) return []
    const known = mails.filter((mail) => mail.to === address && mail.uid === eventId).map(({ calendar }) => calendar)
    const isInvited = diary.invited.has(pairOf(meeting.uid, address))
    if (known.length === 0 && (!isInvited || truth.isCancelled)) return []
    const seen = calendarAfter(known)
    return isSame(seen, truth)
      ? []
      : [`${address} has ${JSON.stringify(seen)} of ${meeting.uid} ${JSON.stringify(truth)}`]
  })
  return [...lost, ...wrong]
}

function isSame(seen: AttendeeCalendar, truth: AttendeeCalendar): boolean {
  if (seen.isCancelled || truth.isCancelled) return seen.isCancelled === truth.isCancelled
  return seen.start === truth.start && seen.off.join() === truth.off.join()
}

/** Mails without an outcome, and work that nobody finished though all had time. */
async function unfinished(diary: Diary, worker: Worker): Promise<readonly string[]> {
  const stuck = (await isAtRest(worker)) ? [] : ['there is work left']
  for (const [mailId, recipient] of diary.received)
    if ((await findDelivery(worker.ctx, mailId, recipient))?.outcome === undefined)
      stuck.push(`${mailId} has no outcome`)
  return stuck
}

/** Mails of work that began when the cancel, or the wish for no more mail, had been acknowledged. */
function tooLate(diary: Diary, mails: readonly Read[]): readonly string[] {
  const silent = mails.filter(({ to, since }) => since > (diary.silentSince.get(to) ?? Number.POSITIVE_INFINITY))
  const cancelled = diary.meetings.flatMap(({ uid }) => {
    const at = diary.cancelledAt.get(uid) ?? Number.POSITIVE_INFINITY
    const eventId = diary.eventIds.get(uid)
    return mails.filter(
      (mail) =>
        mail.uid === eventId && guests.includes(mail.to) && mail.since > at && /^METHOD:REQUEST/m.test(mail.calendar),
    )
  })
  return [...silent, ...cancelled].map(({ to, sendId, since }) => `${sendId} to ${to} by work of step ${since}`)
}

/** The same revision to the same person, or the same news to an organizer, more than once. */
function doubled(mails: readonly Read[]): readonly string[] {
  const seen = new Set<string>()
  return mails.flatMap(({ to, raw, calendar }) => {
    const lines = [/^METHOD:\w+/m, /^UID:\S+/m, /^SEQUENCE:\d+/m, /^RECURRENCE-ID:\S+/m]
    const name = [
      to,
      // Two lists of one event, and two changes of it, have two mails with the same title.
      ...(calendar === '' ? [/^Subject: .*/m, /lst_\w+/, /Revision\W+\d+/] : lines).map(
        (line) => line.exec(calendar === '' ? raw : calendar)?.[0],
      ),
    ].join(' ')
    const isAgain = seen.has(name)
    seen.add(name)
    return isAgain ? [name] : []
  })
}
