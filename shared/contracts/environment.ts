import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import { controlSettings, controlSettingsOf } from './control-settings.ts'
import { domainName, host, mailboxConflicts, oneOf, tenantSettings, tenantSettingsOf, whole } from './settings.ts'

export const EnvironmentFailure = defineFailures('environment', { invalid: { status: 500, retry: false } })

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
  CONVOKE_DOMAIN: domainName.default('demo.localhost'),
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
  CONVOKE_SENDS_PER_SECOND: whole(1, 10_000).optional(),
  CONVOKE_WEBHOOK_LOOPBACK: oneOf('on', 'off').default('off'),
  CONVOKE_API_KEY: z.string().optional(),
  ...controlSettings,
  ...tenantSettings,
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
  /** Of all tenants of the machine; undefined: as quickly as the relay takes it. */
  sendsPerSecond: variables.CONVOKE_SENDS_PER_SECOND,
  isLoopbackTrusted: (variables.CONVOKE_TRUST_LOOPBACK ?? 'on') === 'on' && isLoopbackHost(variables.CONVOKE_SMTP_HOST),
  /** Undefined: the machine's own resolver. */
  dnsServers: variables.CONVOKE_DNS_SERVERS,
  /** Webhooks may call this machine, and by http: for developing. */
  isWebhookLoopbackAllowed: variables.CONVOKE_WEBHOOK_LOOPBACK === 'on',
  /** For the command line alone; undefined: the demo key that the product keeps in its data folder. */
  apiKey: variables.CONVOKE_API_KEY,
  control: controlSettingsOf(variables),
  ...tenantSettingsOf(variables),
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
  return [...lines, ...mailboxConflicts(variables)]
}
