import { EventView } from '#shared/contracts/api.ts'
import type { TenantCommand } from './command.ts'
import { lines, timeText } from './lines.ts'

export const eventShow: TenantCommand = {
  noun: 'event',
  verb: 'show',
  summary: 'Show an event',
  positionals: ['EVENT_ID'],
  options: {},
  async run(product, { positionals: [eventId = ''] }) {
    const event = EventView.parse(await product.api(`/events/${encodeURIComponent(eventId)}`))
    const text = lines([
      ['Title', event.subject],
      ['Id', event.id],
      ['Status', `${event.status}, revision ${event.sequence}`],
      ['Start', timeText(event.start)],
      ['End', `${timeText(event.end)}${event.is_all_day ? ' (exclusive)' : ''}`],
      ['Repeats', event.recurrence.rules.join('; ')],
      ['Where', event.location],
      ['Organizer', `${event.organizer.name} <${event.organizer.email}>`],
      ['Made with', event.client],
      ['UID', event.uid],
      ['Warnings', event.warnings.join(', ')],
    ])
    return { text: event.body.text === '' ? text : `${text}\n\n${event.body.text}`, json: event }
  },
}
