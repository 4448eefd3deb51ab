import { setTimeout as pause } from 'node:timers/promises'
import { StatisticsView } from '#shared/contracts/statistics-api.ts'
import type { OutboxReader, SeenMail } from '../product/outbox-reader.ts'
import type { ProductClient } from '../product/product-client.ts'
import { readReceivedMails } from '../product/received-mails.ts'
import { type ClientEvent, clientEvent, createAddress, inviteMail, replyMail } from './bench-mails.ts'

/** What the product promised by a 250 or a 202; the verification holds it to every one. */
export type Promised = {
  /** Title → accepted creates. */
  readonly creates: Map<string, ClientEvent>
  /** Attendee address → the event he was invited to. */
  readonly invitations: Map<string, { readonly eventId: string; readonly title: string }>
  /** Attendee address → his accepted answer to the first revision. */
  readonly replies: Map<string, { readonly eventId: string }>
  /** Title → accepted update to revision 1, after its attendee had answered. */
  readonly updates: Map<string, { readonly eventId: string; readonly attendee: string }>
  /** Mails sent more than once because the answer was cut off. */
  repeats: number
}

export type MailStream = { readonly promised: Promised; readonly seen: readonly SeenMail[]; stop(): Promise<void> }

const paceMilliseconds = { least: 80, most: 320 }
/** The stream waits for the product rather than bury it: every accepted mail is to be verified in the end. */
const openEventsMax = 80
const stepsAtOnce = 24
const lookMilliseconds = 150
/** What has not gone on by then is lost, and the verification says so. */
const looksAfterStopMax = 1500
const thoroughEvery = 50

/** Every fourth event is moved once its attendee has answered; the others keep their first time and their answers. */
export const isMoved = (event: ClientEvent) => event.number % 4 === 0
export const attendeeOf = (event: ClientEvent) => `guest${event.number}@example.org`

/**
 * Creates by mail, invites by the API, answers and moves, each as soon as the step before it shows, until stopped; then every
 * step that was begun is brought to its end. Rejects in `stop` with the first thing that was refused.
 */
export function startStream(client: ProductClient, outbox: OutboxReader): MailStream {
  const promised: Promised = {
    creates: new Map(),
    invitations: new Map(),
    replies: new Map(),
    updates: new Map(),
    repeats: 0,
  }
  const seen: SeenMail[] = []
  const eventIds = new Map<string, string>()
  let isStopping = false
  let next = 0
  let looks = 0
  let openEvents = 0

  async function send(mail: { readonly raw: string; readonly from: string; readonly to: string }): Promise<void> {
    const { attempts } = await client.send(mail)
    promised.repeats += attempts - 1
  }

  async function create(): Promise<void> {
    while (!isStopping) {
      await pause(paceMilliseconds.least + Math.random() * (paceMilliseconds.most - paceMilliseconds.least))
      if (openEvents > openEventsMax) continue
      const event = clientEvent(next++)
      await send({ raw: inviteMail(event, 0), from: event.organizer, to: createAddress })
      promised.creates.set(event.title, event)
    }
  }

  /** The log of received mail tells which event a mail became; its newest page tells most, now and then all of it is read. */
  async function learnEventIds(): Promise<void> {
    const isThorough = looks++ % thoroughEvery === 0
    for (const { subject, outcome } of await readReceivedMails(client, isThorough ? Number.POSITIVE_INFINITY : 1)) {
      const eventId = outcome?.reason === 'created' ? outcome.event_ids[0] : undefined
      if (subject !== undefined && eventId !== undefined) eventIds.set(subject, eventId)
    }
  }

  async function invite(event: ClientEvent, eventId: string): Promise<void> {
    const email = attendeeOf(event)
    await client.api(`/events/${eventId}/invitations`, {
      method: 'POST',
      idempotencyKey: `bench-${event.number}`,
      body: { email, name: `Guest ${event.number}` },
    })
    promised.invitations.set(email, { eventId, title: event.title })
  }

  async function answer(mail: SeenMail, event: ClientEvent, eventId: string): Promise<void> {
    if (mail.calendar === undefined) return
    const { uid, sequence } = mail.calendar
    const attendee = attendeeOf(event)
    const number = String(event.number)
    const raw = replyMail({ attendee, replyAddress: mail.from, uid, sequence, number })
    await send({ raw, from: attendee, to: mail.from })
    promised.replies.set(attendee, { eventId })
  }

  async function move(event: ClientEvent, eventId: string): Promise<void> {
    const counted = await client.api(`/events/${eventId}/statistics`)
    if (!isAnswered(counted)) return
    await send({ raw: inviteMail(event, 1), from: event.organizer, to: createAddress })
    promised.updates.set(event.title, { eventId, attendee: attendeeOf(event) })
  }

  /** One look at everything that can go on; true when nothing was left to do. */
  async function goOn(): Promise<boolean> {
    seen.push(...(await outbox.readNew()))
    if ([...promised.creates.keys()].some((title) => !eventIds.has(title))) await learnEventIds()
    const invites = new Map(seen.filter(isInvite).map((mail) => [mail.to, mail]))
    const open = [...promised.creates.values()].filter((event) => !isFinished(event))
    const due = [...open]
    const worker = async () => {
      for (let event = due.shift(); event !== undefined; event = due.shift()) {
        await step(event, invites.get(attendeeOf(event)))
      }
    }
    await Promise.all(Array.from({ length: stepsAtOnce }, worker))
    openEvents = open.length
    return open.length === 0
  }

  function isFinished(event: ClientEvent): boolean {
    return promised.updates.has(event.title) || (promised.replies.has(attendeeOf(event)) && !isMoved(event))
  }

  async function step(event: ClientEvent, mail: SeenMail | undefined): Promise<void> {
    const eventId = eventIds.get(event.title)
    const attendee = attendeeOf(event)
    if (eventId === undefined) return
    if (!promised.invitations.has(attendee)) await invite(event, eventId)
    else if (promised.replies.has(attendee)) await move(event, eventId)
    else if (mail !== undefined) await answer(mail, event, eventId)
  }

  async function follow(): Promise<void> {
    for (let looksAfterStop = 0; looksAfterStop < looksAfterStopMax; ) {
      const isDone = await goOn()
      if (isStopping && isDone) return
      if (isStopping) looksAfterStop += 1
      await pause(lookMilliseconds)
    }
  }

  const work = Promise.all([create(), create(), follow()])
  work.catch(() => {
    isStopping = true
  })
  return {
    promised,
    seen,
    async stop() {
      isStopping = true
      await work
      seen.push(...(await outbox.readNew()))
    },
  }
}

function isInvite(mail: SeenMail): boolean {
  return mail.calendar?.method === 'REQUEST' && mail.subject.startsWith('Invitation:')
}

function isAnswered(statistics: unknown): boolean {
  return StatisticsView.parse(statistics).answers.accepted > 0
}
