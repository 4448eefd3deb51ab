import { createHash } from 'node:crypto'
import { setTimeout as timer } from 'node:timers/promises'
import {
  type ControlEnvironment,
  parseControlEnvironment,
  type SecretName,
} from '#shared/contracts/control-environment.ts'
import { openSigningKey } from '#shared/licence/signing-key.ts'
import { createDynamoClient } from '#shared/platform/aws/dynamo-client.ts'
import { createDynamoTable } from '#shared/platform/aws/dynamo-table.ts'
import { createSecretsManager } from '#shared/platform/aws/secrets-manager.ts'
import { type SesPlace, sesPlaceOf } from '#shared/platform/aws/ses-place.ts'
import { createSqsClient } from '#shared/platform/aws/sqs-client.ts'
import { createSqsQueues } from '#shared/platform/aws/sqs-queues.ts'
import type { Mailer } from '#shared/platform/mailer.ts'
import { createJsonLog } from '#shared/platform/node/json-log.ts'
import { createRandomIds } from '#shared/platform/node/random-ids.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import type { Table } from '#shared/platform/table.ts'
import { renewed } from '#shared/runtime/renewed.ts'
import { sendFateOf } from '#shared/runtime/send-fate.ts'
import type { ControlDeps } from './api/env.ts'
import type { BillingCtx } from './billing/billing-context.ts'
import type { SystemName } from './core/actor.ts'
import type { Ctx } from './core/context.ts'
import type { LicenceCtx } from './core/licence/licence-context.ts'
import { controlFunctions, controlQueueNames } from './manifest.ts'
import type { ProvisioningCtx } from './provisioning/context.ts'
import { estateOf } from './provisioning/estate-of.ts'

/** Secrets are read anew after so long: a rotated one is in use everywhere by then, and until then the old one must still be good. */
const rhythm = { clock: systemClock, everyMs: 5 * 60_000 }

type Env = Readonly<Record<string, string | undefined>>

/** What `control-front` gives the API; where a request came from its entry knows. */
export type FrontDeps = Omit<ControlDeps, 'ipAddressOf' | 'signIn'> & {
  /** No setting: whoever reads a mailbox of the vendor's must not rule over every licensee. */
  readonly signIn: { readonly secret: string; readonly vendorSignsInBy: 'passkey' }
}

/** Context of `control-mail`. Throws `environment.invalid` when template and contract disagree, as all of these do. */
export function wireMail(env: Env): () => Promise<Ctx> {
  const { environment, sesPlace } = opened(env, controlFunctions['control-mail'].secrets)
  const ctx = baseCtx(environment, sesPlace, 'scheduler')
  return async () => ctx
}

/** Context of `control-billing`; Stripe by its own restricted key. */
export function wireBilling(env: Env): () => Promise<BillingCtx> {
  const { environment, sesPlace, secretOf } = opened(env, controlFunctions['control-billing'].secrets)
  const base = licenceCtx(environment, sesPlace, 'stripe')
  return renewed(rhythm, async () => ({
    ...base,
    ...(await stripePorts(environment, await secretOf('stripe-billing'))),
  }))
}

/** Context of `control-sweeps`; Stripe by a key that reads. */
export function wireSweeps(env: Env): () => Promise<BillingCtx> {
  const { environment, sesPlace, secretOf } = opened(env, controlFunctions['control-sweeps'].secrets)
  const base = licenceCtx(environment, sesPlace, 'scheduler')
  return renewed(rhythm, async () => ({
    ...base,
    ...(await stripePorts(environment, await secretOf('stripe-sweeps'))),
  }))
}

/** Context of `control-engine`: the clouds of all accounts by roles taken on, and the key that licences are signed with. */
export function wireEngine(env: Env): () => Promise<ProvisioningCtx> {
  const { environment, sesPlace, secretOf } = opened(env, controlFunctions['control-engine'].secrets)
  const base = licenceCtx(environment, sesPlace, 'engine')
  const ports = Promise.all([cloudPorts(environment, env.AWS_REGION ?? ''), dnsPorts()])
  return renewed(rhythm, async () => {
    const [[cloud, dns], { kid, publicKeySpki, licenceSigner, textSigner }] = await Promise.all([
      ports,
      secretOf('licence-key').then(openSigningKey),
    ])
    return {
      ...base,
      ...cloud,
      ...dns,
      licenceSigner,
      textSigner,
      licenceKeys: { [kid]: publicKeySpki },
      estate: estateOf(environment),
      pause,
    }
  })
}

/** What `control-front` gives the API. */
export function wireFront(env: Env): () => Promise<FrontDeps> {
  const { environment, sesPlace, secretOf } = opened(env, controlFunctions['control-front'].secrets)
  const base = licenceCtx(environment, sesPlace, 'sign_in')
  return renewed(rhythm, async () => {
    const [secret, stripeKey, webhook, key, dns] = await Promise.all([
      secretOf('session'),
      secretOf('stripe-front'),
      secretOf('stripe-webhook'),
      secretOf('handover-key').then(openSigningKey),
      dnsPorts(),
    ])
    if (secret.length < 32) throw new Error('the secret of sessions is shorter than 32 characters')
    const stripe = await stripePorts(environment, stripeKey, webhook.split(/\s+/))
    const handOverSigner = key.textSigner
    const [usual = '', ...others] = Object.keys(environment.estate.releaseBuckets)
    return {
      ctxFor: (who) => ({ ...base, ...stripe, ...dns, handOverSigner, pause, ...who }),
      signIn: { secret, vendorSignsInBy: 'passkey' },
      newRequestId: () => base.ids.newId('req'),
      places: { regions: [usual, ...others], allowsReservedNames: false },
      consoleUrlOf: ({ domainName }) => `https://app.${domainName}`,
    }
  })
}

async function pause(milliseconds: number): Promise<void> {
  await timer(milliseconds)
}

type SecretOf<S extends SecretName> = (name: S) => Promise<string>

/** The environment of a function, and its secrets by their names; an empty one is refused here, because it would verify anybody. */
function opened<const S extends SecretName>(env: Env, secretNames: readonly S[]) {
  const environment = parseControlEnvironment(env, secretNames)
  const secrets = createSecretsManager()
  const secretOf: SecretOf<S> = async (name) => {
    const value = (await secrets.read(environment.secretArns[name])).trim()
    if (value === '') throw new Error(`the secret ${name} is empty`)
    return value
  }
  return { environment, sesPlace: sesPlaceOf(env), secretOf }
}

function baseCtx(environment: ControlEnvironment, sesPlace: SesPlace, actorName: SystemName): Ctx {
  const { tableName, logLevel, queueUrlPrefix, publicUrl, mailFrom, vendorName } = environment
  const clock = systemClock
  const ids = createRandomIds(clock)
  const queueUrls = Object.fromEntries(controlQueueNames().map((name) => [name, `${queueUrlPrefix}${name}`]))
  const table = createDynamoTable({ client: createDynamoClient(), tableName, tenantId: 'control', clock })
  return {
    table,
    queues: createSqsQueues({ client: createSqsClient(), queueUrls }),
    mailer: sesMailer(environment, sesPlace, table),
    clock,
    ids,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    random: Math.random,
    log: createJsonLog({ clock, level: logLevel, writeLine: (line) => void process.stderr.write(line) }),
    workerId: ids.newId('req'),
    actor: { type: 'system', id: actorName },
    scope: { kind: 'all' },
    settings: { publicUrl, mailFrom, vendorName },
  }
}

function licenceCtx(environment: ControlEnvironment, sesPlace: SesPlace, actorName: SystemName): LicenceCtx {
  const { licence, vendorEmail } = environment
  return { ...baseCtx(environment, sesPlace, actorName), licenceSettings: { ...licence, vendorEmail } }
}

/** Loaded at the first mail: most functions send none. */
function sesMailer({ configurationSetName }: ControlEnvironment, place: SesPlace, table: Table): Mailer {
  let made: Promise<Mailer> | undefined
  async function make(): Promise<Mailer> {
    const [{ createSesMailer }, { createSesSends }] = await Promise.all([
      import('#shared/platform/aws/ses-mailer.ts'),
      import('#shared/platform/aws/ses-sends.ts'),
    ])
    return createSesMailer({
      sendEmail: createSesSends({ place, clock: systemClock }),
      configurationSetName,
      lookup: (sendId) => sendFateOf(table, sendId),
    })
  }
  const mailer = () => (made ??= make())
  return {
    send: async (mail) => (await mailer()).send(mail),
    lookup: async (sendId) => (await mailer()).lookup(sendId),
  }
}

/** Webhook secrets are of who hears the webhook; the others verify nothing. */
async function stripePorts(environment: ControlEnvironment, secretKey: string, webhookSecrets: readonly string[] = []) {
  const [{ isLiveKey, openStripe }, { checkedStripeSettings }] = await Promise.all([
    import('./billing/open-stripe.ts'),
    import('./billing/billing-context.ts'),
  ])
  const { isLivemode } = environment.stripe
  if (isLiveKey(secretKey) !== isLivemode) throw new Error('the key of Stripe is not of the mode that the settings say')
  const settings = { ...environment.stripe, webhookSecrets }
  const stripeSettings = webhookSecrets.length === 0 ? settings : checkedStripeSettings(settings)
  return { stripe: openStripe({ secretKey }), stripeSettings }
}

async function cloudPorts(environment: ControlEnvironment, region: string) {
  const [{ createAwsCloud }, { createHttpProbes }] = await Promise.all([
    import('./cloud/aws/aws-cloud.ts'),
    import('./cloud/http-probes.ts'),
  ])
  const { managementRoleArn } = environment.estate
  return {
    cloud: createAwsCloud({ clock: systemClock, home: { region }, managementRoleArn }),
    probes: createHttpProbes(),
    isWorkerGone: () => false,
  }
}

/** Public resolvers, asked by our own look-ups. */
async function dnsPorts(): Promise<Pick<ProvisioningCtx, 'dns'>> {
  const [{ createNodeLookups }, { createDns }] = await Promise.all([
    import('./dns/node-lookups.ts'),
    import('./dns/resolvers.ts'),
  ])
  return { dns: createDns({ lookups: createNodeLookups() }) }
}
