import { StatisticsView } from '#shared/contracts/api.ts'
import type { TenantCommand } from './command.ts'
import { lines } from './lines.ts'

export const eventStatistics: TenantCommand = {
  noun: 'event',
  verb: 'statistics',
  summary: 'Count the answers to an event',
  positionals: ['EVENT_ID'],
  options: {},
  async run(product, { positionals: [eventId = ''] }) {
    const statistics = StatisticsView.parse(await product.api(`/events/${encodeURIComponent(eventId)}/statistics`))
    const { answers, mail } = statistics
    return {
      text: lines([
        ['Attendees', String(statistics.attendees)],
        ['Accepted', String(answers.accepted)],
        ['Tentative', String(answers.tentative)],
        ['Declined', String(answers.declined)],
        ['No answer', String(answers.none)],
        ['Mails sent', String(mail.sent)],
        ['Mails failed', String(mail.failed)],
      ]),
      json: statistics,
    }
  },
}
