import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import { pageOf } from '#shared/contracts/api.ts'
import { ErasureView, ExportView } from '#shared/contracts/privacy-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { Asked, TenantCommand } from './command.ts'
import { writeFrom } from './write-from.ts'

type Erasure = z.infer<typeof ErasureView>
type Export = z.infer<typeof ExportView>

const paging = {
  limit: { value: 'NUMBER', help: 'How many, at most 200 (20 when not given)' },
  after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
} as const

const erasureStart: TenantCommand = {
  noun: 'erasure',
  verb: 'start',
  summary: 'Erase one person: it cannot be undone',
  positionals: ['ADDRESS'],
  options: {
    yes: { help: 'Yes, erase him' },
    'dry-run': { help: 'Only count what there is of him' },
    reason: { value: 'TEXT', help: 'For the record that stays; name nobody in it' },
    'no-suppress': { help: 'Let him be mailed when he is invited anew' },
  },
  async run(product, { positionals: [email = ''], options: { reason }, flags }) {
    const isDryRun = flags.has('dry-run')
    if (!isDryRun && !flags.has('yes'))
      throw CliFailure.usage(`This cannot be undone: look with --dry-run what there is of ${email}, then say --yes`)
    const erasure = ErasureView.parse(
      await product.api('/erasures', {
        method: 'POST',
        headers: { 'idempotency-key': randomUUID() },
        body: {
          email,
          dry_run: isDryRun,
          suppress: !flags.has('no-suppress'),
          ...(reason === undefined ? {} : { reason }),
        },
      }),
    )
    const next = `Watch it with: erasure show ${erasure.id}`
    return {
      text: `${isDryRun ? 'It is being counted.' : 'He is being erased; that takes some minutes.'} ${next}`,
      json: erasure,
    }
  },
}

const erasureShow: TenantCommand = {
  noun: 'erasure',
  verb: 'show',
  summary: 'How far an erasure is, and what it has found',
  positionals: ['ERASURE_ID'],
  options: {},
  async run(product, { positionals: [erasureId = ''] }) {
    const erasure = ErasureView.parse(await product.api(`/erasures/${encodeURIComponent(erasureId)}`))
    return { text: [lineOf(erasure), ...countsOf(erasure)].join('\n'), json: erasure }
  },
}

const erasureList: TenantCommand = {
  noun: 'erasure',
  verb: 'list',
  summary: 'List erasures, newest first',
  positionals: [],
  options: paging,
  async run(product, asked) {
    const page = pageOf(ErasureView).parse(await product.api(`/erasures?${pageQuery(asked)}`))
    return { text: listed(page.data.map(lineOf), page.next_cursor, 'Nobody was erased.'), json: page }
  },
}

const exportStart: TenantCommand = {
  noun: 'export',
  verb: 'start',
  summary: 'Have what is held about one person written out',
  positionals: ['ADDRESS'],
  options: { reason: { value: 'TEXT', help: 'For the record that stays; name nobody in it' } },
  async run(product, { positionals: [email = ''], options: { reason } }) {
    const made = ExportView.parse(
      await product.api('/exports', {
        method: 'POST',
        headers: { 'idempotency-key': randomUUID() },
        body: { email, ...(reason === undefined ? {} : { reason }) },
      }),
    )
    return { text: `It is being written. Fetch it with: export fetch ${made.id} --out FILE`, json: made }
  },
}

const exportShow: TenantCommand = {
  noun: 'export',
  verb: 'show',
  summary: 'How far an export is, and what is in it',
  positionals: ['EXPORT_ID'],
  options: {},
  async run(product, { positionals: [exportId = ''] }) {
    const made = ExportView.parse(await product.api(`/exports/${encodeURIComponent(exportId)}`))
    return { text: [lineOf(made), ...countsOf(made)].join('\n'), json: made }
  },
}

const exportList: TenantCommand = {
  noun: 'export',
  verb: 'list',
  summary: 'List exports, newest first',
  positionals: [],
  options: paging,
  async run(product, asked) {
    const page = pageOf(ExportView).parse(await product.api(`/exports?${pageQuery(asked)}`))
    return { text: listed(page.data.map(lineOf), page.next_cursor, 'Nothing was exported.'), json: page }
  },
}

const exportFetch: TenantCommand = {
  noun: 'export',
  verb: 'fetch',
  summary: 'Keep the file of an export here',
  positionals: ['EXPORT_ID'],
  options: { out: { value: 'FILE', help: 'Where to; nobody else can read it', isRequired: true } },
  async run(product, { positionals: [exportId = ''], options: { out = '' } }) {
    await writeFrom(await product.stream(`/exports/${encodeURIComponent(exportId)}/file`), out)
    return { text: `It is in ${out}.`, json: { id: exportId, file: out } }
  },
}

function lineOf(one: Erasure | Export): string {
  const { id, state, email_sha256: hash, requested_at: at } = one
  const trial = 'is_dry_run' in one && one.is_dry_run ? ['only counted'] : []
  return [id, state, at, `sha256 ${hash.slice(0, 12)}…`, ...trial].join('  ')
}

function countsOf({ counts }: Erasure | Export): readonly string[] {
  return Object.entries(counts).map(([kind, count]) => `  ${kind.replaceAll('_', ' ')}: ${count}`)
}

function pageQuery({ options: { limit = '20', after } }: Asked): URLSearchParams {
  if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
  return new URLSearchParams({ limit, ...(after === undefined ? {} : { after }) })
}

function listed(rows: readonly string[], next: string | undefined, none: string): string {
  const more = next === undefined ? [] : [`more: --after '${next}'`]
  return rows.length === 0 ? none : [...rows, ...more].join('\n')
}

/** One person's data: erased, or written out. */
export const privacyCommands: readonly TenantCommand[] = [
  erasureStart,
  erasureShow,
  erasureList,
  exportStart,
  exportShow,
  exportList,
  exportFetch,
]
