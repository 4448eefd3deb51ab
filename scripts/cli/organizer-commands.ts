import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import { pageOf } from '#shared/contracts/api.ts'
import { OrganizerView } from '#shared/contracts/organizers-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { Answer, TenantCommand } from './command.ts'
import type { Product } from './product.ts'
import { sessionCommands } from './session-commands.ts'

type View = z.infer<typeof OrganizerView>
type Options = Readonly<Record<string, string | undefined>>

const pathOf = (email: string) => `/organizers/${encodeURIComponent(email)}`

const changeable = {
  name: { value: 'TEXT', help: 'His name' },
  'invites-per-event': { value: 'NUMBER', help: 'Most invitations of one event of his; none: the domain’s' },
  'events-per-organizer': { value: 'NUMBER', help: 'Most events of his; none: the domain’s' },
  'sends-per-day': { value: 'NUMBER', help: 'Most first invitations of his a UTC day; none: the domain’s' },
} as const

function limitOf(options: Options, name: string): number | null | undefined {
  const text = options[name]
  if (text === undefined) return undefined
  if (text === 'none') return null
  if (!/^[1-9]\d{0,6}$/.test(text)) throw CliFailure.usage(`--${name} is a whole number, or none`)
  return Number(text)
}

function bodyOf(options: Options) {
  return {
    name: options.name,
    limits: {
      invites_per_event: limitOf(options, 'invites-per-event'),
      events_per_organizer: limitOf(options, 'events-per-organizer'),
      sends_per_day: limitOf(options, 'sends-per-day'),
    },
  }
}

function lineOf({ email, name, state, role, suspended_reason: reason, registered_at: registeredAt }: View): string {
  const standing = reason === undefined ? state : `${state} (${reason})`
  const registered = registeredAt === undefined ? 'came by mail' : `registered ${registeredAt.slice(0, 10)}`
  return [email, standing, ...(role === 'admin' ? [role] : []), registered, ...(name === undefined ? [] : [name])].join(
    '  ',
  )
}

function textOf(organizer: View): string {
  const limits = Object.entries(organizer.limits).map(([name, limit]) => `${name} ${limit ?? 'as the domain'}`)
  return [lineOf(organizer), ...limits].join('\n')
}

async function change(product: Product, email: string, body: object): Promise<Answer> {
  const headers = { 'idempotency-key': randomUUID() }
  const changed = OrganizerView.parse(await product.api(pathOf(email), { method: 'PATCH', headers, body }))
  return { text: textOf(changed), json: changed }
}

const list: TenantCommand = {
  noun: 'organizer',
  verb: 'list',
  summary: 'List the organizers of the domain, by address',
  positionals: [],
  options: {
    prefix: { value: 'TEXT', help: 'Those whose address begins so' },
    state: { value: 'STATE', help: 'active or suspended' },
    limit: { value: 'NUMBER', help: 'How many, at most 200 (50 when not given)' },
    after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
  },
  async run(product, { options }) {
    const given = Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    )
    const page = pageOf(OrganizerView).parse(
      await product.api(`/organizers?${new URLSearchParams(Object.fromEntries(given))}`),
    )
    const more = page.has_more ? [`more: --after '${page.next_cursor ?? ''}'`] : []
    const lines = [...page.data.map(lineOf), ...more]
    return { text: lines.length === 0 ? 'There are no organizers.' : lines.join('\n'), json: page }
  },
}

const show: TenantCommand = {
  noun: 'organizer',
  verb: 'show',
  summary: 'Show one organizer and his limits',
  positionals: ['ADDRESS'],
  options: {},
  async run(product, { positionals: [email = ''] }) {
    const organizer = OrganizerView.parse(await product.api(pathOf(email)))
    return { text: textOf(organizer), json: organizer }
  },
}

const add: TenantCommand = {
  noun: 'organizer',
  verb: 'add',
  summary: 'Register an organizer',
  positionals: ['ADDRESS'],
  options: changeable,
  async run(product, { positionals: [email = ''], options }) {
    const headers = { 'idempotency-key': randomUUID() }
    const body = { email, ...bodyOf(options) }
    const made = OrganizerView.parse(await product.api('/organizers', { method: 'POST', headers, body }))
    return { text: textOf(made), json: made }
  },
}

const changed: TenantCommand = {
  noun: 'organizer',
  verb: 'change',
  summary: 'Rename an organizer, give him limits of his own, or make him an administrator',
  positionals: ['ADDRESS'],
  options: { ...changeable, role: { value: 'ROLE', help: 'organizer, who sees what is his, or admin, who sees all' } },
  run(product, { positionals: [email = ''], options }) {
    const { role } = options
    if (role !== undefined && role !== 'organizer' && role !== 'admin')
      throw CliFailure.usage('--role is organizer or admin')
    return change(product, email, { ...bodyOf(options), role })
  },
}

const suspend: TenantCommand = {
  noun: 'organizer',
  verb: 'suspend',
  summary: 'Let an organizer do nothing but cancel; his invites that have not left wait',
  positionals: ['ADDRESS'],
  options: { reason: { value: 'TEXT', help: 'Why', isRequired: true } },
  run: (product, { positionals: [email = ''], options: { reason } }) =>
    change(product, email, { state: 'suspended', reason }),
}

const resume: TenantCommand = {
  noun: 'organizer',
  verb: 'resume',
  summary: 'Let a suspended organizer go on; what waited is sent within a quarter of an hour',
  positionals: ['ADDRESS'],
  options: {},
  run: (product, { positionals: [email = ''] }) => change(product, email, { state: 'active' }),
}

/** Who organizes here. */
export const organizerCommands: readonly TenantCommand[] = [
  list,
  show,
  add,
  changed,
  suspend,
  resume,
  ...sessionCommands,
]
