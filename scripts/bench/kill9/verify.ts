import { StatisticsView } from '#shared/contracts/statistics-api.ts'
import type { SeenMail } from '../product/outbox-reader.ts'
import type { ProductClient } from '../product/product-client.ts'
import { readReceivedMails } from '../product/received-mails.ts'
import type { Promised } from './stream.ts'

/** Every promise against what is there: what is missing, and what is there more often than once. A line each. */
export type Verdict = { readonly lost: readonly string[]; readonly doubled: readonly string[] }

/** Holds the outbox, the log of received mail and the statistics to what was promised; nothing else may be in the outbox. */
export async function verify(client: ProductClient, promised: Promised, seen: readonly SeenMail[]): Promise<Verdict> {
  const lost: string[] = []
  const doubled: string[] = []
  const expectOnce = (count: number, what: string) => {
    if (count === 0) lost.push(what)
    if (count > 1) doubled.push(`${what} (${count} times)`)
  }

  const mails = countBy(seen, nameOf)
  const expected = [
    ...[...promised.creates.keys()].map((title) => `Created: ${title}`),
    ...[...promised.invitations.keys()].map((attendee) => `Invitation to ${attendee}`),
    ...[...promised.updates.values()].map(({ attendee }) => `Update to ${attendee}`),
  ]
  for (const name of expected) expectOnce(mails.get(name) ?? 0, `mail "${name}"`)
  const known = new Set(expected)
  for (const [name, count] of mails)
    if (!known.has(name)) doubled.push(`mail "${name}" that nobody asked for (${count})`)

  const received = await readReceivedMails(client, Number.POSITIVE_INFINITY)
  for (const mail of received) if (mail.outcome === undefined) lost.push(`outcome of ${mail.mail_id}`)
  const outcomes = countBy(received, ({ outcome, subject }) => `${outcome?.reason} ${subject}`)
  for (const title of promised.creates.keys()) expectOnce(outcomes.get(`created ${title}`) ?? 0, `event "${title}"`)
  for (const title of promised.updates.keys()) expectOnce(outcomes.get(`updated ${title}`) ?? 0, `update of "${title}"`)

  const moved = new Set([...promised.updates.values()].map(({ attendee }) => attendee))
  for (const [attendee, { eventId }] of promised.replies) {
    const statistics = StatisticsView.parse(await client.api(`/events/${eventId}/statistics`))
    expectOnce(statistics.attendees, `attendee ${attendee}`)
    // A new time asks everyone anew: the answer before it is history and counts no more.
    const { accepted, none } = statistics.answers
    expectOnce(moved.has(attendee) ? none : accepted, `answer of ${attendee}`)
  }
  return { lost, doubled }
}

function nameOf(mail: SeenMail): string {
  if (mail.calendar?.method !== 'REQUEST') return mail.subject
  return mail.calendar.sequence === 0 ? `Invitation to ${mail.to}` : `Update to ${mail.to}`
}

function countBy<T>(items: readonly T[], nameOfItem: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(nameOfItem(item), (counts.get(nameOfItem(item)) ?? 0) + 1)
  return counts
}
