import * as z from 'zod'
import { EnvironmentFailure } from './environment.ts'
import { domainName, mailboxConflicts, oneOf, tenantSettings, tenantSettingsOf, whole } from './settings.ts'

const address = z.string().regex(/^https:\/\/[a-zA-Z0-9.-]+(\/[a-zA-Z0-9._~/-]*)?$/, 'must be an https address')
/** `{"<kid>":"<SPKI of an Ed25519 key, DER in base64>"}`; what is no key is refused where keys are read. */
const licenceKeys = z.string().transform((text, issues) => {
  const keys = z.record(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/), z.base64()).safeParse(parseJson(text))
  if (keys.success) return keys.data
  issues.addIssue('must be a JSON object of base64 keys by their kid')
  return z.NEVER
})

const name = z.string().regex(/^[a-zA-Z0-9_.-]{1,255}$/, 'must be a name of letters, digits, dots, - and _')

/**
 * Environment of every function of a tenant stack: the template writes it, `wire` reads it, a test holds the two together.
 * Names of topics and queues follow from one prefix each, so that the 4 KB of a function's environment are never full.
 */
export const TenantVariables = z.object({
  /** `ten_` and 26 characters: the first part of every key of the table. */
  CONVOKE_TENANT_ID: z.string().regex(/^ten_[0-9a-z]{26}$/, 'must be ten_ and 26 letters or digits'),
  CONVOKE_ENVIRONMENT: oneOf('dev', 'stage', 'prod'),
  CONVOKE_PLACEMENT: oneOf('cell', 'dedicated', 'customer'),
  CONVOKE_DOMAIN: domainName,
  /** Base of links to the API and to pages, without trailing slash. */
  CONVOKE_API_URL: address,
  CONVOKE_PAGES_URL: address,
  CONVOKE_TABLE: name,
  CONVOKE_BUCKET: name,
  /** Topic ARN less the topic's name. */
  CONVOKE_TOPIC_ARN_PREFIX: z
    .string()
    .regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+-$/, 'must be the beginning of a topic ARN'),
  /** Queue URL less the queue's name. */
  CONVOKE_QUEUE_URL_PREFIX: z
    .string()
    .regex(/^https?:\/\/[^/\s]+\/\d{12}\/[\w-]+-$/, 'must be the beginning of a queue URL'),
  CONVOKE_CONFIGURATION_SET: name,
  CONVOKE_SES_TENANT: name,
  /** `s3://bucket/prefix/` of the mail templates that the tenant brands. */
  CONVOKE_TEMPLATES: z.string().regex(/^s3:\/\/[a-z0-9.-]+\/[\w./-]*$/, 'must be an s3:// address'),
  /** Public keys of licence files; absent: the stack asks for no licence. */
  CONVOKE_LICENCE_KEYS: licenceKeys.default({}),
  /** Of the template that the stack stands at. */
  CONVOKE_TEMPLATE_VERSION: z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'must be a version such as 1.2.3'),
  /** Queue of the control plane that is told how the stack is; absent: nobody is. */
  CONVOKE_NOTICE_QUEUE_URL: z
    .string()
    .regex(/^https?:\/\/[^/\s]+\/\d{12}\/[\w-]{1,80}$/, 'must be the URL of a queue')
    .optional(),
  /** Mails a second that SES takes of the account and region; absent: nothing is held back but by SES's own answer. */
  CONVOKE_SENDS_PER_SECOND: whole(1, 100_000).optional(),
  /** Table by which the tenants of a cell share that rate; absent: this one has it for itself. */
  CONVOKE_SEND_RATE_TABLE: name.optional(),
  ...tenantSettings,
})

type Variables = z.infer<typeof TenantVariables>

const shape = (variables: Variables) => ({
  tenantId: variables.CONVOKE_TENANT_ID,
  environment: variables.CONVOKE_ENVIRONMENT,
  placement: variables.CONVOKE_PLACEMENT,
  domainName: variables.CONVOKE_DOMAIN,
  apiUrl: variables.CONVOKE_API_URL,
  pagesUrl: variables.CONVOKE_PAGES_URL,
  tableName: variables.CONVOKE_TABLE,
  bucketName: variables.CONVOKE_BUCKET,
  topicArnPrefix: variables.CONVOKE_TOPIC_ARN_PREFIX,
  queueUrlPrefix: variables.CONVOKE_QUEUE_URL_PREFIX,
  configurationSetName: variables.CONVOKE_CONFIGURATION_SET,
  sesTenantName: variables.CONVOKE_SES_TENANT,
  templatesLocation: variables.CONVOKE_TEMPLATES,
  licenceKeys: variables.CONVOKE_LICENCE_KEYS,
  templateVersion: variables.CONVOKE_TEMPLATE_VERSION,
  noticeQueueUrl: variables.CONVOKE_NOTICE_QUEUE_URL,
  sendsPerSecond: variables.CONVOKE_SENDS_PER_SECOND,
  sendRateTableName: variables.CONVOKE_SEND_RATE_TABLE,
  ...tenantSettingsOf(variables),
})

export type TenantEnvironment = Readonly<ReturnType<typeof shape>>

/** The environment of a tenant's function. Throws `environment.invalid` with one line per wrong or missing variable. */
export function parseTenantEnvironment(env: Readonly<Record<string, string | undefined>>): TenantEnvironment {
  const given = Object.entries(env).filter(([key, value]) => key.startsWith('CONVOKE_') && (value ?? '') !== '')
  const parsed = TenantVariables.safeParse(Object.fromEntries(given))
  const lines = parsed.success
    ? mailboxConflicts(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
  const unknown = given.filter(([key]) => !(key in TenantVariables.shape)).map(([key]) => `${key} is not a setting`)
  if (!parsed.success || lines.length + unknown.length > 0)
    throw EnvironmentFailure.invalid([...lines, ...unknown].join('\n'))
  return shape(parsed.data)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}
