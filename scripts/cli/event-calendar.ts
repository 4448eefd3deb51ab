import { text } from 'node:stream/consumers'
import type { TenantCommand } from './command.ts'
import { writeFrom } from './write-from.ts'

export const eventCalendar: TenantCommand = {
  noun: 'event',
  verb: 'calendar',
  summary: 'Print an event as a file that any calendar takes in (.ics), or write it',
  positionals: ['EVENT_ID'],
  options: { out: { value: 'FILE', help: 'Write it here' } },
  async run(product, { positionals: [eventId = ''], options: { out } }) {
    const octets = await product.stream(`/events/${encodeURIComponent(eventId)}/calendar.ics`)
    if (out === undefined) {
      const calendar = await text(octets)
      return { text: calendar.trimEnd(), json: { event_id: eventId, calendar } }
    }
    await writeFrom(octets, out)
    return { text: `Written to ${out}.`, json: { event_id: eventId, file: out } }
  },
}
