import ICAL from 'ical.js'
import PostalMime from 'postal-mime'
import type { TestProduct } from './start-product.ts'

/** A mail of the outbox, taken apart by parsers that did not write it. */
export type ReadBack = {
  readonly to: string
  /** In an invite: the attendee's own reply address. */
  readonly from: string
  readonly subject: string
  /** Of each calendar in it: method and its events. Two copies of one calendar (part and attachment) have to agree. */
  readonly method?: string
  readonly vevents: readonly ReadVevent[]
}

export type ReadVevent = {
  readonly uid: string
  readonly sequence: number
  readonly status: string
  /** As it is written, with its zone: `2027-03-17T09:30:00 Europe/Madrid`. */
  readonly start: string
  readonly recurrenceId?: string
  readonly rrule?: string
  readonly exdates: readonly string[]
  readonly attendees: readonly string[]
}

/** Every mail of the outbox that was not read before, oldest first. */
export function createMailsReader(product: TestProduct): () => Promise<readonly ReadBack[]> {
  const known = new Set<string>()
  return async () => {
    const fresh: string[] = []
    let path: string | undefined = '/outbox'
    // A page holds some fifty mails: more pages than mails are a loop.
    for (let pages = 0; path !== undefined && pages < 1000; pages += 1) {
      const text = await (await product.page(path)).text()
      const ids = [...text.matchAll(/href="\/outbox\/([0-9a-f-]{36})"/g)].map(([, id = '']) => id)
      const found = ids.filter((id) => !known.has(id))
      for (const id of found) known.add(id)
      fresh.push(...found)
      path = found.length === 0 ? undefined : /href="(\/outbox\?after=[^"]+)"/.exec(text)?.[1]
    }
    const mails: ReadBack[] = []
    for (const id of fresh.reverse())
      mails.push(await readBack(await (await product.page(`/outbox/${id}/mail.eml`)).text()))
    return mails
  }
}

async function readBack(raw: string): Promise<ReadBack> {
  const mail = await PostalMime.parse(raw)
  const calendars = mail.attachments
    .filter(({ mimeType }) => mimeType === 'text/calendar' || mimeType === 'application/ics')
    .map(({ content }) => (typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString()))
  const [first] = calendars
  if (calendars.some((text) => text !== first)) throw new Error(`two calendars in the mail to ${mail.to?.[0]?.address}`)
  return {
    to: mail.to?.[0]?.address ?? '',
    from: mail.from?.address ?? '',
    subject: mail.subject ?? '',
    ...(first === undefined ? { vevents: [] } : readCalendar(first)),
  }
}

function readCalendar(text: string): Pick<ReadBack, 'method' | 'vevents'> {
  const calendar = new ICAL.Component(ICAL.parse(text))
  return {
    method: String(calendar.getFirstPropertyValue('method')),
    vevents: calendar.getAllSubcomponents('vevent').map(readVevent),
  }
}

function readVevent(vevent: ICAL.Component): ReadVevent {
  const value = (name: string) => vevent.getFirstPropertyValue(name)?.toString()
  const recurrenceId = timeOf(vevent, 'recurrence-id')
  const rrule = value('rrule')
  return {
    uid: value('uid') ?? '',
    sequence: Number(value('sequence') ?? 0),
    status: value('status') ?? '',
    start: timeOf(vevent, 'dtstart') ?? '',
    ...(recurrenceId === undefined ? {} : { recurrenceId }),
    ...(rrule === undefined ? {} : { rrule }),
    exdates: vevent.getAllProperties('exdate').flatMap((property) => property.getValues().map(String)),
    attendees: vevent.getAllProperties('attendee').map((property) => String(property.getFirstValue())),
  }
}

function timeOf(vevent: ICAL.Component, name: string): string | undefined {
  const property = vevent.getFirstProperty(name)
  if (property === null) return undefined
  const zone = property.getParameter('tzid')
  return `${property.getFirstValue()}${zone === undefined ? '' : ` ${String(zone)}`}`
}
