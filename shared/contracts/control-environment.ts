import * as z from 'zod'
import { EnvironmentFailure } from './environment.ts'
import { oneOf, whole } from './settings.ts'

const tableName = z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, 'must be the name of a table')
const roleArn = z.string().regex(/^arn:[a-z-]+:iam::\d{12}:role\/.+$/, 'must be the ARN of a role')
const email = z.string().regex(/^[^\s@<>"+]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/, 'must be an e-mail address without +')
const parentId = z
  .string()
  .regex(/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/, 'must be the id of a root or an organisational unit')
const httpsAddress = z.string().regex(/^https:\/\/[a-zA-Z0-9.-]+(\/[a-zA-Z0-9._~/-]*)?$/, 'must be an https address')
/** `eu-west-1=bucket,us-east-1=bucket`. */
const bucketByRegion = z
  .string()
  .regex(
    /^[a-z]{2}(-[a-z]+)+-\d=[a-z0-9.-]{3,63}(,[a-z]{2}(-[a-z]+)+-\d=[a-z0-9.-]{3,63})*$/,
    'must be region=bucket, parted by commas',
  )
const words = (most: number) =>
  z.string().regex(new RegExp(`^[^\\r\\n]{1,${most}}$`), `must be a line of at most ${most} characters`)

/** What the vendor chooses; each is a parameter of the template, of the same default. */
export const controlPlaneSettings = {
  CONVOKE_CONTROL_ENVIRONMENT: oneOf('dev', 'stage', 'prod').default('prod'),
  CONVOKE_CONTROL_LOG_LEVEL: oneOf('info', 'warn', 'error').default('info'),
  /** As people know the seller. */
  CONVOKE_CONTROL_VENDOR_NAME: words(100),
  /** Whom of the vendor's people is told what no program can settle; `aws+<token>@` of it owns accounts that are made. */
  CONVOKE_CONTROL_VENDOR_EMAIL: email,
  CONVOKE_CONTROL_MAIL_FROM: email,
  CONVOKE_CONTROL_WEBSITE: httpsAddress,
  /** Of the licence, 14 to 30: from the end of the retries to suspension. */
  CONVOKE_CONTROL_GRACE_DAYS: whole(14, 30).default(21),
  /** So long after a payment a licensee may have all of it back by himself. */
  CONVOKE_CONTROL_REFUND_DAYS: whole(0, 90).default(14),
  /** What a year costs until Stripe's price says otherwise. */
  CONVOKE_CONTROL_PRICE_CENTS: whole(1, 99_999_999).default(99_500),
  CONVOKE_CONTROL_CURRENCY: z
    .string()
    .regex(/^[a-z]{3}$/, 'must be a currency such as usd')
    .default('usd'),
  CONVOKE_CONTROL_STRIPE_MODE: oneOf('test', 'live').default('test'),
  CONVOKE_CONTROL_STRIPE_PRICE: z
    .string()
    .regex(/^[a-z0-9_-]{1,200}$/, 'must be the lookup key of a price')
    .default('convoke-licence-yearly'),
  /** Where Organizations makes accounts, and the unit that they belong to. */
  CONVOKE_CONTROL_ROOT_PARENT: parentId,
  CONVOKE_CONTROL_DEDICATED_PARENT: parentId,
  CONVOKE_CONTROL_WARM_ACCOUNTS: whole(0, 20).default(0),
  /** How long what was retired is kept. */
  CONVOKE_CONTROL_RETENTION_DAYS: whole(30, 90).default(60),
  CONVOKE_CONTROL_RELEASE_BUCKETS: bucketByRegion,
  /** In the management account: makes, moves and closes accounts. */
  CONVOKE_CONTROL_MANAGEMENT_ROLE: roleArn,
} as const

/** ARNs of secrets, never their values; a function has those alone that it reads. */
export const controlSecretVariables = {
  session: 'CONVOKE_CONTROL_SECRET_SESSION',
  'stripe-front': 'CONVOKE_CONTROL_SECRET_STRIPE_FRONT',
  'stripe-billing': 'CONVOKE_CONTROL_SECRET_STRIPE_BILLING',
  'stripe-sweeps': 'CONVOKE_CONTROL_SECRET_STRIPE_SWEEPS',
  'stripe-webhook': 'CONVOKE_CONTROL_SECRET_STRIPE_WEBHOOK',
  'licence-key': 'CONVOKE_CONTROL_SECRET_LICENCE_KEY',
  'handover-key': 'CONVOKE_CONTROL_SECRET_HANDOVER_KEY',
} as const

export type SecretName = keyof typeof controlSecretVariables

export const secretArn = z
  .string()
  .regex(/^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,519}$/, 'must be the ARN of a secret')

/** What every function of the control plane is told: the template writes it, `wire-aws` reads it, a test holds the two together. */
export const ControlVariables = z.object({
  CONVOKE_CONTROL_TABLE: tableName,
  /** Queue URL less the queue's name. */
  CONVOKE_CONTROL_QUEUE_URL_PREFIX: z
    .string()
    .regex(/^https?:\/\/[^/\s]+\/\d{12}\/[\w-]+-$/, 'must be the beginning of a queue URL'),
  /** Base of links, without trailing slash. */
  CONVOKE_CONTROL_URL: httpsAddress,
  CONVOKE_CONTROL_CONFIGURATION_SET: tableName,
  ...controlPlaneSettings,
})

type Variables = z.infer<typeof ControlVariables>

const shape = (variables: Variables) => ({
  environment: variables.CONVOKE_CONTROL_ENVIRONMENT,
  logLevel: variables.CONVOKE_CONTROL_LOG_LEVEL,
  tableName: variables.CONVOKE_CONTROL_TABLE,
  queueUrlPrefix: variables.CONVOKE_CONTROL_QUEUE_URL_PREFIX,
  publicUrl: variables.CONVOKE_CONTROL_URL,
  configurationSetName: variables.CONVOKE_CONTROL_CONFIGURATION_SET,
  vendorName: variables.CONVOKE_CONTROL_VENDOR_NAME,
  vendorEmail: variables.CONVOKE_CONTROL_VENDOR_EMAIL,
  mailFrom: variables.CONVOKE_CONTROL_MAIL_FROM,
  websiteUrl: variables.CONVOKE_CONTROL_WEBSITE,
  licence: {
    graceDays: variables.CONVOKE_CONTROL_GRACE_DAYS,
    refundDays: variables.CONVOKE_CONTROL_REFUND_DAYS,
    priceCents: variables.CONVOKE_CONTROL_PRICE_CENTS,
    currency: variables.CONVOKE_CONTROL_CURRENCY,
  },
  stripe: {
    isLivemode: variables.CONVOKE_CONTROL_STRIPE_MODE === 'live',
    priceLookupKey: variables.CONVOKE_CONTROL_STRIPE_PRICE,
  },
  estate: {
    rootParentId: variables.CONVOKE_CONTROL_ROOT_PARENT,
    dedicatedParentId: variables.CONVOKE_CONTROL_DEDICATED_PARENT,
    warmAccounts: variables.CONVOKE_CONTROL_WARM_ACCOUNTS,
    retentionDays: variables.CONVOKE_CONTROL_RETENTION_DAYS,
    managementRoleArn: variables.CONVOKE_CONTROL_MANAGEMENT_ROLE,
    /** Release bucket by region. */
    releaseBuckets: bucketsOf(variables.CONVOKE_CONTROL_RELEASE_BUCKETS),
  },
})

export type ControlEnvironment = Readonly<ReturnType<typeof shape>>

/**
 * The environment of a function that reads these secrets, and where they are. Throws `environment.invalid` with one line per wrong or
 * missing variable, and for one that the function should not have.
 */
export function parseControlEnvironment<const S extends SecretName>(
  env: Readonly<Record<string, string | undefined>>,
  secretNames: readonly S[],
): ControlEnvironment & { readonly secretArns: Readonly<Record<S, string>> } {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name.startsWith('CONVOKE_') && (value ?? '') !== ''),
  )
  const own = z.strictObject({
    ...ControlVariables.shape,
    ...Object.fromEntries(secretNames.map((name) => [controlSecretVariables[name], secretArn])),
  })
  const parsed = own.safeParse(given)
  if (!parsed.success)
    throw EnvironmentFailure.invalid(
      parsed.error.issues
        .map((issue) =>
          issue.code === 'unrecognized_keys'
            ? issue.keys.map((key) => `${key} is not a setting of this function`).join('\n')
            : `${String(issue.path[0])} ${issue.message}`,
        )
        .join('\n'),
    )
  return { ...shape(ControlVariables.parse(given)), secretArns: arnsOf(given, secretNames) }
}

function arnsOf<S extends SecretName>(
  given: Readonly<Record<string, string | undefined>>,
  secretNames: readonly S[],
): Readonly<Record<S, string>> {
  const arns: Partial<Record<S, string>> = {}
  for (const name of secretNames) arns[name] = given[controlSecretVariables[name]] ?? ''
  const isWhole = (some: Partial<Record<S, string>>): some is Record<S, string> =>
    secretNames.every((name) => some[name] !== undefined)
  if (!isWhole(arns)) throw new Error('a secret without an ARN passed')
  return arns
}

function bucketsOf(list: string): Readonly<Record<string, string>> {
  return Object.fromEntries(list.split(',').map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']))
}
