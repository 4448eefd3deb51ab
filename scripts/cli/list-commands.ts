import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Listr } from 'listr2'
import type * as z from 'zod'
import { pageOf } from '#shared/contracts/api.ts'
import { ListRowView, ListView } from '#shared/contracts/lists-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import type { Product } from './product.ts'

type List = z.infer<typeof ListView>

const LOOK_MILLISECONDS = 500

const listUpload: TenantCommand = {
  noun: 'list',
  verb: 'upload',
  summary: 'Upload people to invite, TXT or CSV, and see whom it would reach; nothing is sent yet',
  positionals: ['EVENT_ID', 'FILE'],
  options: { 'dry-run': { help: 'Only tell what the list would come to: nothing is left to confirm' } },
  async run(product, { positionals: [eventId = '', file = ''], flags, isJson }) {
    const isDryRun = flags.has('dry-run')
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw CliFailure.usage(`${file} cannot be read`, { cause })
    })
    const form = new FormData()
    form.set('file', new File([bytes], basename(file)))
    const uploaded = ListView.parse(
      await product.api(`/events/${encodeURIComponent(eventId)}/lists${isDryRun ? '?dry_run=true' : ''}`, {
        method: 'POST',
        headers: { 'idempotency-key': randomUUID() },
        form,
      }),
    )
    const checked = await watched(product, uploaded, { isJson, until: 'asked' })
    const next = isDryRun
      ? 'It was only looked at: nothing is left to confirm.'
      : `Send it: npm run convoke -- list confirm ${checked.id}`
    return { text: [...linesOf(checked), ...(checked.state === 'checking' ? [] : [next])].join('\n'), json: checked }
  },
}

const listStatus: TenantCommand = {
  noun: 'list',
  verb: 'status',
  summary: 'See how far a list is',
  positionals: ['LIST_ID'],
  options: { follow: { help: 'Watch it until it is done; Ctrl-C ends the watching, not the list' } },
  async run(product, { positionals: [listId = ''], flags, isJson }) {
    const first = await look(product, listId)
    const list = flags.has('follow') ? await watched(product, first, { isJson, until: 'done' }) : first
    return { text: linesOf(list).join('\n'), json: list }
  },
}

const listRows: TenantCommand = {
  noun: 'list',
  verb: 'rows',
  summary: 'See the lines without an invitation, and why',
  positionals: ['LIST_ID'],
  options: {
    limit: { value: 'NUMBER', help: 'How many, at most 200 (50 when not given)' },
    after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
  },
  async run(product, { positionals: [listId = ''], options }) {
    const limit = options.limit ?? '50'
    if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
    const query = new URLSearchParams({ limit, ...(options.after === undefined ? {} : { after: options.after }) })
    const page = pageOf(ListRowView).parse(await product.api(`/lists/${encodeURIComponent(listId)}/rows?${query}`))
    const rows = page.data.map(({ line, reason, text }) => `${line}  ${reason}  ${text}`)
    const more = page.has_more ? [`more: --after '${page.next_cursor ?? ''}'`] : []
    return { text: rows.length === 0 ? 'Every line has its invitation.' : [...rows, ...more].join('\n'), json: page }
  },
}

/** One that does something to a list and shows what has come of it. */
function acting(verb: 'confirm' | 'pause' | 'resume' | 'cancel', summary: string, watches: boolean): TenantCommand {
  return {
    noun: 'list',
    verb,
    summary,
    positionals: ['LIST_ID'],
    options: {},
    async run(product, { positionals: [listId = ''], isJson }) {
      const path = `/lists/${encodeURIComponent(listId)}/${verb}`
      const after = ListView.parse(
        await product.api(path, { method: 'POST', headers: { 'idempotency-key': randomUUID() } }),
      )
      const list = watches ? await watched(product, after, { isJson, until: 'asked' }) : after
      return { text: linesOf(list).join('\n'), json: list }
    },
  }
}

async function look(product: Product, listId: string): Promise<List> {
  return ListView.parse(await product.api(`/lists/${encodeURIComponent(listId)}`))
}

/** Whether there is more to see: `asked` ends where a person has to say something or the day has to pass, `done` with the list. */
function goesOn({ state, waits_for }: List, until: 'asked' | 'done'): boolean {
  if (until === 'done') return state !== 'done' && state !== 'cancelled'
  return (state === 'checking' || state === 'sending') && waits_for !== 'sends_per_day'
}

/** Looks again and again, each look in one line where somebody sits before it. Ctrl-C ends the looking: the list goes on by itself. */
async function watched(
  product: Product,
  first: List,
  { isJson, until }: { readonly isJson: boolean; readonly until: 'asked' | 'done' },
): Promise<List> {
  let list = first
  const stop = new AbortController()
  const onInterrupt = () => stop.abort()
  const goOn = async (say: (line: string) => void) => {
    while (goesOn(list, until) && !stop.signal.aborted) {
      await pause(LOOK_MILLISECONDS, undefined, { signal: stop.signal }).catch(onInterrupt)
      if (!stop.signal.aborted) list = await look(product, first.id)
      say(stop.signal.aborted ? `${progressOf(list)}. It goes on; nobody watches any more.` : progressOf(list))
    }
  }
  process.once('SIGINT', onInterrupt)
  try {
    if (isJson || !process.stdout.isTTY) await goOn(() => undefined)
    else
      await new Listr([{ title: progressOf(list), task: (_, task) => goOn((line) => (task.title = line)) }], {
        registerSignalListeners: false,
      }).run()
  } finally {
    process.off('SIGINT', onInterrupt)
  }
  return list
}

function progressOf({ state, rows, valid, planned, sent, failed, skipped, waits_until }: List): string {
  if (state === 'checking') return `checking: ${rows} lines`
  if (state === 'ready') return `ready: ${valid} of ${rows} lines would be invited; it waits to be confirmed`
  const others = [
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(skipped === 0 ? [] : [`${skipped} held back`]),
    ...(waits_until === undefined ? [] : [`waits until ${waits_until}`]),
  ]
  return [`${state}: ${sent} of ${planned} sent`, ...others].join(', ')
}

function linesOf(list: List): readonly string[] {
  const refused = Object.entries(list.refused).map(([reason, count]) => `  ${count} ${reason.replaceAll('_', ' ')}`)
  const counts =
    list.state === 'ready' || list.state === 'checking' || list.dry_run === true
      ? `${list.valid} of ${list.rows} lines would be invited${list.over_limit === 0 ? '' : `, ${list.over_limit} more than the limits have room for`}.`
      : `${list.sent} of ${list.planned} sent, ${list.failed} failed, ${list.skipped} held back.`
  return [
    list.dry_run === true ? counts : `List ${list.id} is ${list.state}. ${counts}`,
    ...(list.waits_until === undefined
      ? []
      : [
          list.waits_for === 'other_list'
            ? '  Mails of a cancelled list to the same people are not certain yet: it goes on by itself.'
            : `  The day's limit is reached: it goes on at ${list.waits_until}.`,
        ]),
    ...(refused.length === 0
      ? []
      : ['Without an invitation:', ...refused, `  Which: npm run convoke -- list rows ${list.id}`]),
  ]
}

/** People to invite, as files. */
export const listCommands: readonly TenantCommand[] = [
  listUpload,
  listStatus,
  listRows,
  acting('confirm', 'Send a list that was checked, and watch it', true),
  acting('pause', 'Send nothing more of it until it is resumed', false),
  acting('resume', 'Go on with a list that was paused, and watch it', true),
  acting('cancel', 'End it: what was sent stays sent, the others get nothing', false),
]
