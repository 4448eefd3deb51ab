import { randomUUID } from 'node:crypto'
import { ReportView } from '#shared/contracts/reports-api.ts'
import type { TenantCommand } from './command.ts'
import { writeFrom } from './write-from.ts'

export const eventReport: TenantCommand = {
  noun: 'event',
  verb: 'report',
  summary: 'Have the attendees of an event mailed to its organizer as CSV, or write them to a file',
  positionals: ['EVENT_ID'],
  options: { out: { value: 'FILE', help: 'Write the CSV here, addresses unmasked, and mail nothing' } },
  async run(product, { positionals: [eventId = ''], options: { out } }) {
    const path = `/events/${encodeURIComponent(eventId)}`
    if (out !== undefined) {
      await writeFrom(await product.stream(`${path}/report.csv`), out)
      return { text: `Written to ${out}.`, json: { event_id: eventId, file: out } }
    }
    const report = ReportView.parse(
      await product.api(`${path}/reports`, { method: 'POST', headers: { 'idempotency-key': randomUUID() } }),
    )
    return { text: `The report goes to the organizer of the event by mail.\n${report.id}`, json: report }
  },
}
