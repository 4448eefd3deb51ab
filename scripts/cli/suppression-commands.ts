import { randomUUID } from 'node:crypto'
import { pageOf } from '#shared/contracts/api.ts'
import { SuppressionView } from '#shared/contracts/suppressions-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'

const suppressionList: TenantCommand = {
  noun: 'suppression',
  verb: 'list',
  summary: 'List the addresses that are sent nothing any more, newest first',
  positionals: [],
  options: {
    limit: { value: 'NUMBER', help: 'How many, at most 200 (20 when not given)' },
    after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
  },
  async run(product, { options }) {
    const limit = options.limit ?? '20'
    if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
    const query = new URLSearchParams({ limit, ...(options.after === undefined ? {} : { after: options.after }) })
    const page = pageOf(SuppressionView).parse(await product.api(`/suppressions?${query}`))
    const rows = page.data.map(({ id, email, organizer, reason, is_also_unsubscribed: isUnsubscribed }) =>
      [
        email,
        organizer === undefined ? 'all mail' : `mail of ${organizer}`,
        isUnsubscribed ? `${reason}, unsubscribe` : reason,
        id,
      ].join('  '),
    )
    const more = page.has_more ? [`more: --after '${page.next_cursor ?? ''}'`] : []
    return { text: rows.length === 0 ? 'Nobody is suppressed.' : [...rows, ...more].join('\n'), json: page }
  },
}

const suppressionAdd: TenantCommand = {
  noun: 'suppression',
  verb: 'add',
  summary: 'Send nothing more to an address',
  positionals: ['ADDRESS'],
  options: {
    organizer: { value: 'ADDRESS', help: 'Only mail in the name of this organizer' },
    detail: { value: 'TEXT', help: 'Why' },
  },
  async run(product, { positionals: [email = ''], options: { organizer, detail } }) {
    const suppression = SuppressionView.parse(
      await product.api('/suppressions', {
        method: 'POST',
        headers: { 'idempotency-key': randomUUID() },
        body: {
          email,
          ...(organizer === undefined ? {} : { organizer }),
          ...(detail === undefined ? {} : { detail }),
        },
      }),
    )
    const { reason, id } = suppression
    return { text: `${suppression.email} is sent nothing any more (${reason}, ${id}).`, json: suppression }
  },
}

const suppressionLift: TenantCommand = {
  noun: 'suppression',
  verb: 'lift',
  summary: 'Let an address be sent to again',
  positionals: ['SUPPRESSION_ID'],
  options: {},
  async run(product, { positionals: [suppressionId = ''] }) {
    await product.api(`/suppressions/${encodeURIComponent(suppressionId)}`, { method: 'DELETE' })
    return {
      text: 'It may be sent to again. Invite the person anew where a mail was held back.',
      json: { id: suppressionId },
    }
  },
}

/** Who is sent nothing any more. */
export const suppressionCommands: readonly TenantCommand[] = [suppressionList, suppressionAdd, suppressionLift]
