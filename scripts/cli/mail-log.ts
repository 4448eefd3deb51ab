import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import { outcomeText, ReceivedMails } from './mail-outcomes.ts'

export const mailLog: TenantCommand = {
  noun: 'mail',
  verb: 'log',
  summary: 'List received mail with its outcome',
  positionals: [],
  options: {
    day: { value: 'YYYY-MM-DD', help: 'A day in UTC (today when not given)' },
    limit: { value: 'NUMBER', help: 'How many, at most 200 (20 when not given)' },
  },
  async run(product, { options }) {
    const limit = options.limit ?? '20'
    if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
    const query = new URLSearchParams({ limit, ...(options.day === undefined ? {} : { day: options.day }) })
    const page = ReceivedMails.parse(await product.api(`/received-mails?${query}`))
    const text = page.data.map((mail) =>
      [mail.received_at, outcomeText(mail), `${mail.from ?? 'unknown'} → ${mail.recipient}`, mail.subject ?? ''].join(
        '  ',
      ),
    )
    return { text: text.length === 0 ? 'No mail on that day.' : text.join('\n').trimEnd(), json: page }
  },
}
