import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'

export const EnvironmentFailure = defineFailures('environment', { invalid: { status: 500, retry: false } })

/** SES takes mail of up to 40 MB; the embedded product promises no more. */
const MAIL_BYTES_MOST = 40 * 1024 * 1024
/** SQS visibility ends after 12 hours at the latest; a longer lease could not be kept on AWS. */
const LEASE_SECONDS_MOST = 43_200

const hostname = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const bareLocalPart = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`)
const host = z.string().regex(/^[a-zA-Z0-9.:-]{1,253}$/, 'must be a host name or an IP address without a port')
const oneOf = <const T extends readonly string[]>(...values: T) =>
  z.enum(values, { error: `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}` })
const mailbox = z
  .string()
  .toLowerCase()
  .regex(bareLocalPart, 'must be the part of an address before the @: letters, digits, dots, - and _')
  // `r-<token>@` are the attendees' own reply addresses.
  .refine((name) => !name.startsWith('r-'), 'must not begin with r-, which reply addresses do')

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`, as node:dns takes them. */
function isDnsServer(server: string): boolean {
  const withPort = /^\[(?<six>[^\]]+)\](?::(?<port>\d{1,5}))?$|^(?<four>[\d.]+)(?::(?<fourPort>\d{1,5}))?$/.exec(
    server,
  )?.groups
  const address = withPort?.six ?? withPort?.four ?? server
  const port = Number(withPort?.port ?? withPort?.fourPort ?? 53)
  return port >= 1 && port <= 65_535 && (z.ipv4().safeParse(address).success || z.ipv6().safeParse(address).success)
}

const dnsServers = z
  .string()
  .transform((list) => list.split(',').map((server) => server.trim()))
  .refine((servers) => servers.every(isDnsServer), 'must be IP addresses, each with or without :port, parted by commas')

function isUrl(text: string, protocols: readonly string[]): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && protocols.includes(url.protocol) && url.hostname !== ''
}

/** Every setting of the embedded product by its variable; a test holds .env.example to the same list. */
export const EnvironmentVariables = z.object({
  CONVOKE_DOMAIN: z
    .string()
    .toLowerCase()
    .regex(hostname, 'must be a domain name such as events.example.com (an international one in its xn-- form)')
    .default('demo.localhost'),
  CONVOKE_DATA: z.string().default('./data'),
  CONVOKE_HTTP_HOST: host.default('127.0.0.1'),
  CONVOKE_HTTP_PORT: whole(0, 65_535).default(8025),
  CONVOKE_PUBLIC_URL: z
    .string()
    .refine((text) => isUrl(text, ['http:', 'https:']), 'must be an address such as https://events.example.com')
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  CONVOKE_SMTP_HOST: host.default('127.0.0.1'),
  CONVOKE_SMTP_PORT: whole(0, 65_535).default(2525),
  CONVOKE_TRUST_LOOPBACK: oneOf('on', 'off').optional(),
  CONVOKE_DNS_SERVERS: dnsServers.optional(),
  CONVOKE_RELAY_URL: z
    .string()
    .refine(
      (text) => isUrl(text, ['smtp:', 'smtps:']),
      'must be an address such as smtp://user:password@relay.example.com:587',
    )
    .optional(),
  CONVOKE_MAIL_BYTES_MAX: whole(1024, MAIL_BYTES_MOST).default(26_214_400),
  CONVOKE_AUDIENCE: oneOf('responded', 'attending', 'everyone').default('responded'),
  CONVOKE_SEND_LEASE_SECONDS: whole(1, LEASE_SECONDS_MOST).default(30),
  CONVOKE_UNKNOWN_SEND_SECONDS: whole(1, 86_400).default(900),
  CONVOKE_LOG_LEVEL: oneOf('info', 'warn', 'error').default('info'),
  CONVOKE_API_KEY: z.string().optional(),
  CONVOKE_MAILBOX_CREATE: mailbox.default('create'),
  CONVOKE_MAILBOX_LISTS: mailbox.default('lists'),
  CONVOKE_MAILBOX_REPORTS: mailbox.default('reports'),
  CONVOKE_MAILBOX_UNSUBSCRIBE: mailbox.default('unsubscribe'),
  CONVOKE_MAILBOX_POSTMASTER: mailbox.default('postmaster'),
  CONVOKE_MAILBOX_ABUSE: mailbox.default('abuse'),
  CONVOKE_MAILBOX_DMARC: mailbox.default('dmarc'),
})

type Variables = z.infer<typeof EnvironmentVariables>

const shape = (variables: Variables) => ({
  domainName: variables.CONVOKE_DOMAIN,
  dataFolder: variables.CONVOKE_DATA,
  http: { host: variables.CONVOKE_HTTP_HOST, port: variables.CONVOKE_HTTP_PORT },
  smtp: { host: variables.CONVOKE_SMTP_HOST, port: variables.CONVOKE_SMTP_PORT },
  /** Base of links in mails, without trailing slash; undefined: where HTTP listens. */
  publicUrl: variables.CONVOKE_PUBLIC_URL,
  /** Undefined: mail goes to the outbox only. */
  relayUrl: variables.CONVOKE_RELAY_URL,
  isLoopbackTrusted: (variables.CONVOKE_TRUST_LOOPBACK ?? 'on') === 'on' && isLoopbackHost(variables.CONVOKE_SMTP_HOST),
  /** Undefined: the machine's own resolver. */
  dnsServers: variables.CONVOKE_DNS_SERVERS,
  mailBytesMax: variables.CONVOKE_MAIL_BYTES_MAX,
  audience: variables.CONVOKE_AUDIENCE,
  sendLeaseSeconds: variables.CONVOKE_SEND_LEASE_SECONDS,
  unknownSendSeconds: variables.CONVOKE_UNKNOWN_SEND_SECONDS,
  logLevel: variables.CONVOKE_LOG_LEVEL,
  /** For the command line alone; undefined: the demo key that the product keeps in its data folder. */
  apiKey: variables.CONVOKE_API_KEY,
  mailboxes: {
    create: variables.CONVOKE_MAILBOX_CREATE,
    lists: variables.CONVOKE_MAILBOX_LISTS,
    reports: variables.CONVOKE_MAILBOX_REPORTS,
    unsubscribe: variables.CONVOKE_MAILBOX_UNSUBSCRIBE,
    postmaster: variables.CONVOKE_MAILBOX_POSTMASTER,
    abuse: variables.CONVOKE_MAILBOX_ABUSE,
    dmarc: variables.CONVOKE_MAILBOX_DMARC,
  },
})

export type Environment = Readonly<ReturnType<typeof shape>>

/** True of `localhost`, 127.0.0.0/8 and ::1: addresses that no other machine reaches. */
export function isLoopbackHost(hostName: string): boolean {
  return (
    hostName.toLowerCase() === 'localhost' ||
    hostName === '::1' ||
    (hostName.startsWith('127.') && z.ipv4().safeParse(hostName).success)
  )
}

/**
 * The embedded product's settings; an empty variable counts as unset.
 * Throws `environment.invalid` with one line per wrong variable; values are not repeated, because some hold passwords.
 */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.entries(env).filter(
    ([name, value]) => name.startsWith('CONVOKE_') && (value ?? '').trim() !== '',
  )
  const trimmed = Object.fromEntries(given.map(([name, value]) => [name, (value ?? '').trim()]))
  const parsed = EnvironmentVariables.safeParse(trimmed)
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
  const unknown = Object.keys(trimmed).filter((name) => !(name in EnvironmentVariables.shape))
  const lines = [...problems, ...unknown.map((name) => `${name} is not a setting: .env.example lists them all`)]
  if (!parsed.success || lines.length > 0) throw EnvironmentFailure.invalid(lines.join('\n'))
  return shape(parsed.data)
}

/** What is wrong of variables that are each right by themselves. */
function contradictions(variables: Variables): readonly string[] {
  const lines: string[] = []
  if (variables.CONVOKE_TRUST_LOOPBACK === 'on' && !isLoopbackHost(variables.CONVOKE_SMTP_HOST))
    lines.push(
      'CONVOKE_TRUST_LOOPBACK must not be on while CONVOKE_SMTP_HOST is not a loopback address: strangers could send mail in anyone’s name',
    )
  const names = new Map<string, string>()
  for (const [variable, name] of Object.entries(variables).filter(([variable]) =>
    variable.startsWith('CONVOKE_MAILBOX_'),
  )) {
    const other = names.get(String(name))
    if (other !== undefined) lines.push(`${variable} must differ from ${other}`)
    names.set(String(name), variable)
  }
  return lines
}
