import * as z from 'zod'
import { PROBE_LOCAL_PART } from './probe.ts'

/** Schemas of settings that both runtimes take from their environment. */

/** SES takes mail of up to 40 MB; the embedded product promises no more. */
const MAIL_BYTES_MOST = 40 * 1024 * 1024
/** SQS visibility ends after 12 hours at the latest; a longer lease could not be kept on AWS. */
const LEASE_SECONDS_MOST = 43_200

/** An event of a million is the largest there is. */
const LIMIT_MOST = 1_000_000

const hostname = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** Addresses and domains, ASCII and lower case, with commas between; a function's environment has 4 KB for all its settings. */
const senders = /^(?:(?:[a-z0-9._%+-]{1,64}@)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:,(?!$)|$))*$/
const SENDERS_CHARS_MAX = 1000
const bareLocalPart = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/

/** A whole number within limits, written as decimal digits. */
export const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`)
export const host = z.string().regex(/^[a-zA-Z0-9.:-]{1,253}$/, 'must be a host name or an IP address without a port')
export const oneOf = <const T extends readonly string[]>(...values: T) =>
  z.enum(values, { error: `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}` })
export const mailbox = z
  .string()
  .toLowerCase()
  .regex(bareLocalPart, 'must be the part of an address before the @: letters, digits, dots, - and _')
  // `r-<token>@` are the attendees' own reply addresses.
  .refine((name) => !name.startsWith('r-'), 'must not begin with r-, which reply addresses do')
  .refine((name) => !name.startsWith(PROBE_LOCAL_PART), `must not begin with ${PROBE_LOCAL_PART}, which probes do`)

/** A mail domain in its ASCII form, lower case. */
export const domainName = z
  .string()
  .toLowerCase()
  .regex(hostname, 'must be a domain name such as events.example.com (an international one in its xn-- form)')

/** Settings of the tenant that mean the same on either runtime, with their defaults. */
export const tenantSettings = {
  CONVOKE_MAIL_BYTES_MAX: whole(1024, MAIL_BYTES_MOST).default(26_214_400),
  CONVOKE_AUDIENCE: oneOf('responded', 'attending', 'everyone').default('responded'),
  CONVOKE_ORGANIZERS: oneOf('anyone', 'domains', 'registered').default('anyone'),
  CONVOKE_ALLOWED_SENDERS: z
    .string()
    .max(SENDERS_CHARS_MAX, `must be at most ${SENDERS_CHARS_MAX} characters`)
    .regex(senders, 'must be addresses and domain names in lower case with commas between')
    .default(''),
  CONVOKE_INVITES_PER_EVENT: whole(1, LIMIT_MOST).default(2500),
  CONVOKE_EVENTS_PER_ORGANIZER: whole(1, LIMIT_MOST).default(10_000),
  CONVOKE_SENDS_PER_DAY: whole(1, LIMIT_MOST).default(50_000),
  CONVOKE_API_REQUESTS_PER_MINUTE: whole(1, LIMIT_MOST).default(1200),
  CONVOKE_SEND_LEASE_SECONDS: whole(1, LEASE_SECONDS_MOST).default(30),
  CONVOKE_UNKNOWN_SEND_SECONDS: whole(1, 86_400).default(900),
  CONVOKE_LOG_LEVEL: oneOf('info', 'warn', 'error').default('info'),
  CONVOKE_MAILBOX_CREATE: mailbox.default('create'),
  CONVOKE_MAILBOX_LISTS: mailbox.default('lists'),
  CONVOKE_MAILBOX_REPORTS: mailbox.default('reports'),
  CONVOKE_MAILBOX_UNSUBSCRIBE: mailbox.default('unsubscribe'),
  CONVOKE_MAILBOX_POSTMASTER: mailbox.default('postmaster'),
  CONVOKE_MAILBOX_ABUSE: mailbox.default('abuse'),
  CONVOKE_MAILBOX_DMARC: mailbox.default('dmarc'),
} as const

type TenantVariables = { readonly [K in keyof typeof tenantSettings]: z.infer<(typeof tenantSettings)[K]> }

/** The same settings by the names the product calls them. */
export function tenantSettingsOf(variables: TenantVariables) {
  return {
    mailBytesMax: variables.CONVOKE_MAIL_BYTES_MAX,
    audience: variables.CONVOKE_AUDIENCE,
    organizers: {
      rule: variables.CONVOKE_ORGANIZERS,
      allowedSenders: variables.CONVOKE_ALLOWED_SENDERS.split(',').filter((sender) => sender !== ''),
    },
    limits: {
      invitesPerEvent: variables.CONVOKE_INVITES_PER_EVENT,
      eventsPerOrganizer: variables.CONVOKE_EVENTS_PER_ORGANIZER,
      sendsPerDay: variables.CONVOKE_SENDS_PER_DAY,
    },
    apiRequestsPerMinute: variables.CONVOKE_API_REQUESTS_PER_MINUTE,
    sendLeaseSeconds: variables.CONVOKE_SEND_LEASE_SECONDS,
    unknownSendSeconds: variables.CONVOKE_UNKNOWN_SEND_SECONDS,
    logLevel: variables.CONVOKE_LOG_LEVEL,
    mailboxes: {
      create: variables.CONVOKE_MAILBOX_CREATE,
      lists: variables.CONVOKE_MAILBOX_LISTS,
      reports: variables.CONVOKE_MAILBOX_REPORTS,
      unsubscribe: variables.CONVOKE_MAILBOX_UNSUBSCRIBE,
      postmaster: variables.CONVOKE_MAILBOX_POSTMASTER,
      abuse: variables.CONVOKE_MAILBOX_ABUSE,
      dmarc: variables.CONVOKE_MAILBOX_DMARC,
    },
  }
}

/** One line per mailbox variable whose name another one has too; two mailboxes cannot share an address. */
export function mailboxConflicts(variables: Readonly<Record<string, unknown>>): readonly string[] {
  const lines: string[] = []
  const names = new Map<string, string>()
  for (const [variable, name] of Object.entries(variables).filter(([key]) => key.startsWith('CONVOKE_MAILBOX_'))) {
    const other = names.get(String(name))
    if (other !== undefined) lines.push(`${variable} must differ from ${other}`)
    names.set(String(name), variable)
  }
  return lines
}
