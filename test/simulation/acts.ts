import { isFailure } from '#shared/errors/failure.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { getList } from '#tenant-stack/core/recipient-list/list-store.ts'
import { confirmList, uploadList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { replyShapes } from '../fixtures/reply-mails.ts'
import type { SeededRandom } from '../harness/platform/seeded-random.ts'
import { type Diary, noteFirst, pairOf } from './diary.ts'
import { calendarOf, type HandedOver } from './mail-service.ts'
import type { Meeting, OrganizerMailSent } from './meeting.ts'

/** `later`: what it needs is not there yet. What throws is asked for again, as a client would. */
export type SimulatedAct = {
  readonly name: string
  readonly act: (ctx: Ctx) => Promise<'done' | 'later'>
  /** Whether it may stay undone: of a meeting that was called off before anybody here knew of it. */
  readonly mayEnd?: () => boolean
}

const CREATE = 'create@events.example.net'
export const guests = ['bob@example.org', 'carl@example.org', 'dora@example.org', 'eve@example.org']
const answers = ['ACCEPTED', 'DECLINED', 'TENTATIVE'] as const

/** What happens outside in one run, in an order and as often as the seed has it; an organizer's own mails leave in his order. */
export function drawActs(
  random: SeededRandom,
  diary: Diary,
  mails: readonly HandedOver[],
  length: number,
): readonly SimulatedAct[] {
  const acts = diary.meetings.map((meeting) => organizes(diary, meeting, meeting.created()))
  const over = new Set<Meeting>()
  const pick = <T>(values: readonly T[]): T | undefined => values[random.below(values.length)]
  for (let left = length; left > 0; left -= 1) {
    const meeting = pick(diary.meetings)
    if (meeting === undefined) break
    const kind = random.below(20)
    if (kind < 6) acts.push(invite(diary, meeting, pick(guests) ?? ''))
    else if (kind < 8) acts.push(...list(diary, meeting, random.shuffle(guests).slice(0, 2 + random.below(3))))
    else if (kind < 10) acts.push(answer(diary, mails, { partstat: pick(answers) ?? 'ACCEPTED', which: random.next() }))
    else if (kind === 10) acts.push(unsubscribe(diary, pick(guests) ?? ''))
    else if (!over.has(meeting)) {
      const change = changeOf(meeting, kind, random)
      if (change.kind === 'cancel') over.add(meeting)
      acts.push(organizes(diary, meeting, change))
    }
  }
  return acts
}

function changeOf(meeting: Meeting, kind: number, random: SeededRandom): OrganizerMailSent {
  if (kind < 14) return meeting.moved()
  if (kind < 16) return meeting.reworded()
  if (kind < 18 && meeting.isSeries) return meeting.calledOff(random.below(9))
  return meeting.cancelled()
}

function organizes(
  diary: Diary,
  { uid, organizer }: Meeting,
  { raw, kind, sequence }: OrganizerMailSent,
): SimulatedAct {
  const cancels = kind === 'cancel' ? uid : ''
  return {
    name: `${organizer} mails ${kind} ${sequence} of ${uid}`,
    async act(ctx) {
      // A date that is called off by a mail that overtakes the one it is a date of is ignored, with that reason, by design.
      if (kind === 'call_off' && !(await areDecided(ctx, diary, uid, sequence))) return 'later'
      const mailId = await receive(ctx, diary, { raw, to: CREATE, from: organizer })
      if (cancels !== '') diary.cancelMails.set(mailId, cancels)
      diary.organizerMails.set(`${uid} ${sequence}`, mailId)
      return 'done'
    },
  }
}

/** Whether all mails of a meeting before this one have come to something. */
async function areDecided(ctx: Ctx, diary: Diary, uid: string, sequence: number): Promise<boolean> {
  for (let before = 0; before < sequence; before += 1) {
    const mailId = diary.organizerMails.get(`${uid} ${before}`)
    if (mailId === undefined || (await findDelivery(ctx, mailId, CREATE))?.outcome === undefined) return false
  }
  return true
}

type Incoming = { readonly raw: string; readonly to: string; readonly from: string }

async function receive(ctx: Ctx, diary: Diary, { raw, to, from }: Incoming): Promise<string> {
  const origin = { remoteAddress: '203.0.113.7', helo: 'x' }
  const { mailId } = await acceptMail(ctx, {
    raw: Buffer.from(raw.replaceAll(/\r?\n/g, '\r\n')),
    envelopeFrom: from,
    recipients: [to],
    origin,
  })
  diary.received.set(mailId, to)
  return mailId
}

/** The event that a meeting has become, once there is one. */
export async function eventIdOf(ctx: Ctx, diary: Diary, { uid }: Meeting): Promise<string | undefined> {
  const known = diary.eventIds.get(uid)
  if (known !== undefined) return known
  const { events } = await listEvents(ctx, { limit: 10 })
  for (const { clientUid, eventId } of events) diary.eventIds.set(clientUid, eventId)
  return diary.eventIds.get(uid)
}

function invite(diary: Diary, meeting: Meeting, address: string): SimulatedAct {
  return {
    name: `invites ${address} to ${meeting.uid}`,
    mayEnd: () => meeting.truth().isCancelled,
    act: (ctx) =>
      unlessCancelled(async () => {
        const eventId = await eventIdOf(ctx, diary, meeting)
        if (eventId === undefined) return 'later'
        await inviteAttendee(ctx, { eventId, address, channel: 'api' })
        diary.invited.add(pairOf(meeting.uid, address))
        return 'done'
      }),
  }
}

/** A list is uploaded, and confirmed when it has been checked. */
function list(diary: Diary, meeting: Meeting, addresses: readonly string[]): readonly SimulatedAct[] {
  let listId: string | undefined
  return [
    {
      name: `uploads ${addresses.length} people for ${meeting.uid}`,
      mayEnd: () => meeting.truth().isCancelled,
      act: (ctx) =>
        unlessCancelled(async () => {
          const eventId = await eventIdOf(ctx, diary, meeting)
          if (eventId === undefined) return 'later'
          const bytes = new TextEncoder().encode(['email', ...addresses, 'nobody'].join('\n'))
          listId = (await uploadList(ctx, { eventId, bytes })).listId
          return 'done'
        }),
    },
    {
      name: `confirms ${addresses.join(' ')} for ${meeting.uid}`,
      mayEnd: () => meeting.truth().isCancelled,
      act: (ctx) =>
        unlessCancelled(async () => {
          if (listId === undefined) return 'later'
          const { state } = await getList(ctx, listId)
          if (state === 'checking') return 'later'
          if (state === 'cancelled') return 'done'
          await confirmList(ctx, listId)
          for (const address of addresses) diary.invited.add(pairOf(meeting.uid, address))
          return 'done'
        }),
    },
  ]
}

async function unlessCancelled(act: () => Promise<'done' | 'later'>): Promise<'done' | 'later'> {
  try {
    return await act()
  } catch (error) {
    if (isFailure(error, 'event.cancelled') || isFailure(error, 'list.wrong_state')) return 'done'
    throw error
  }
}

type Answer = { readonly partstat: (typeof answers)[number]; readonly which: number }

/** Somebody answers one of the invites that were mailed so far, perhaps an old one. */
function answer(diary: Diary, mails: readonly HandedOver[], { partstat, which }: Answer): SimulatedAct {
  return {
    name: `somebody answers ${partstat}`,
    act: async (ctx) => {
      const invites = mails.filter(({ raw }) => /method=REQUEST/i.test(raw))
      const invite = invites[Math.floor(which * invites.length)]
      if (invite === undefined) return 'done'
      const calendar = calendarOf(invite.raw)
      const replyAddress = /ORGANIZER[^\n]*mailto:(\S+)/i.exec(calendar)?.[1] ?? ''
      const raw = replyShapes.bare({
        uid: /^UID:(\S+)/m.exec(calendar)?.[1] ?? '',
        replyAddress,
        attendee: invite.to,
        partstat,
        sequence: Number(/^SEQUENCE:(\d+)/m.exec(calendar)?.[1]),
        dtstamp: `20261123T12${String(Math.floor(which * 600) % 60).padStart(2, '0')}00Z`,
        start: '20270301T090000Z',
        end: '20270301T100000Z',
      })
      await receive(ctx, diary, { raw, to: replyAddress, from: invite.to })
      return 'done'
    },
  }
}

function unsubscribe(diary: Diary, address: string): SimulatedAct {
  return {
    name: `${address} unsubscribes`,
    act: async (ctx) => {
      await suppress(ctx, { address, reason: 'unsubscribe', source: 'page' })
      noteFirst(diary.silentSince, address, diary.step)
      return 'done'
    },
  }
}
