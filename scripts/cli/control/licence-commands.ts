import * as z from 'zod'
import { CliFailure } from '../cli-failure.ts'
import type { ControlCommand } from '../command.ts'
import { act, centsOf, given, instantOf } from './act.ts'
import { list } from './list.ts'
import { look } from './look.ts'
import { ofLicensee } from './whose.ts'

const Url = z.object({ url: z.string() })
const reason = { value: 'TEXT', help: 'Kept in the audit log', isRequired: true } as const
const positionals = ['LICENCE'] as const
const goTo = (what: string) => (json: unknown) => `${what}\n${Url.parse(json).url}`
const post = (name: string) => (licenceId: string) => `/licences/${licenceId}/${name}`

const limit = { value: 'NUMBER', help: 'A number, or none' } as const
const inclusion = { value: 'YESNO', help: 'yes or no' } as const

function limitOf(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined
  if (text === 'none') return null
  if (!/^\d{1,10}$/.test(text)) throw CliFailure.usage('a limit is a whole number, or none')
  return Number(text)
}

function inclusionOf(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined
  if (text !== 'yes' && text !== 'no') throw CliFailure.usage('what a licence includes is yes or no')
  return text === 'yes'
}

/** Selling, renewing, ending. */
export const licenceCommands: readonly ControlCommand[] = [
  list({
    noun: 'licence',
    verb: 'list',
    summary: 'Licences by the end of their period',
    path: () => '/licences',
    query: ofLicensee,
    columns: ['id', 'domain_name', 'state', 'billing', 'period_end', 'is_cancel_scheduled'],
    empty: 'No licences yet. A tenant brings one: npm run convoke -- tenant add DOMAIN --licensee LICENSEE',
  }),
  look({
    noun: 'licence',
    verb: 'show',
    summary: 'One licence: state, dates, what it is paid by',
    positionals,
    path: (licenceId) => `/licences/${licenceId}`,
  }),
  look({
    noun: 'licence',
    verb: 'file',
    summary: 'The signed licence file, as the tenant’s stack has it',
    positionals,
    path: (licenceId) => `/licences/${licenceId}/file`,
  }),
  act({
    noun: 'licence',
    verb: 'checkout',
    summary: 'Open the page on which the licence is paid by card',
    positionals,
    method: 'POST',
    path: post('checkout'),
    text: goTo('Pay here:'),
  }),
  act({
    noun: 'licence',
    verb: 'invoice',
    summary: 'Have the licence paid by invoice, 30 days net',
    positionals,
    options: { po: { value: 'NUMBER', help: 'The licensee’s purchase order' } },
    method: 'POST',
    path: post('invoice'),
    body: ({ po }) => given({ po_number: po }),
  }),
  act({
    noun: 'licence',
    verb: 'give',
    summary: 'Give the licence for nothing, for a time',
    positionals,
    options: { reason, until: { value: 'DAY', help: 'Its end; in a year when not given' } },
    method: 'POST',
    path: post('complimentary'),
    body: ({ reason: why, until }) =>
      given({ reason: why, ends_at: until === undefined ? undefined : instantOf('until', until) }),
  }),
  act({
    noun: 'licence',
    verb: 'cancel',
    summary: 'Cancel at the end of the period',
    positionals,
    method: 'POST',
    path: post('cancel'),
  }),
  act({
    noun: 'licence',
    verb: 'undo-cancel',
    summary: 'Take the cancellation back',
    positionals,
    method: 'POST',
    path: post('undo-cancel'),
  }),
  act({
    noun: 'licence',
    verb: 'refund',
    summary: 'Give money back',
    positionals,
    options: { reason, amount: { value: 'AMOUNT', help: 'Such as 497.50; the whole when not given' } },
    act: 'final',
    method: 'POST',
    path: post('refund'),
    body: ({ reason: why, amount }) =>
      given({ reason: why, amount_cents: amount === undefined ? undefined : centsOf(amount) }),
  }),
  act({
    noun: 'licence',
    verb: 'terms',
    summary: 'Change what a licence bounds and includes',
    positionals,
    options: {
      reason,
      'invites-per-event': limit,
      'events-per-organizer': limit,
      'sends-per-day': limit,
      support: inclusion,
      analytics: inclusion,
    },
    method: 'POST',
    path: post('terms'),
    body: (options) => ({
      reason: options.reason,
      limits: given({
        invitesPerEvent: limitOf(options['invites-per-event']),
        eventsPerOrganizer: limitOf(options['events-per-organizer']),
        sendsPerDay: limitOf(options['sends-per-day']),
      }),
      entitlements: given({ support: inclusionOf(options.support), analytics: inclusionOf(options.analytics) }),
    }),
  }),
  act({
    noun: 'licence',
    verb: 'hold',
    summary: 'Stop a tenant for abuse, whatever is paid',
    positionals,
    options: { reason },
    method: 'POST',
    path: post('hold'),
    body: ({ reason: why }) => ({ reason: why }),
  }),
  act({
    noun: 'licence',
    verb: 'lift-hold',
    summary: 'Let a held tenant work again',
    positionals,
    options: { reason },
    method: 'POST',
    path: post('lift-hold'),
    body: ({ reason: why }) => ({ reason: why }),
  }),
  act({
    noun: 'licensee',
    verb: 'portal',
    summary: 'Open the page of cards, invoices and cancellation',
    positionals: ['LICENSEE'],
    method: 'POST',
    path: (licenseeId) => `/licensees/${licenseeId}/portal`,
    text: goTo('Card, invoices and cancellation:'),
  }),
  list({
    noun: 'licensee',
    verb: 'invoices',
    summary: 'Invoices of a licensee, newest first',
    positionals: ['LICENSEE'],
    path: (licenseeId) => `/licensees/${licenseeId}/invoices`,
    columns: ['number', 'status', 'total', 'currency', 'created_at', 'hosted_url'],
    empty: 'No invoices yet.',
  }),
]
