import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CELL_TABLE_SCOPE } from '#shared/contracts/cell-routes.ts'
import { parseTenantEnvironment, type TenantEnvironment } from '#shared/contracts/tenant-environment.ts'
import { readLicenceKeys } from '#shared/licence/licence-keys.ts'
import { createDynamoClient } from '#shared/platform/aws/dynamo-client.ts'
import { createDynamoTable } from '#shared/platform/aws/dynamo-table.ts'
import { sesPlaceOf } from '#shared/platform/aws/ses-place.ts'
import { createJsonLog } from '#shared/platform/node/json-log.ts'
import { createRandomIds } from '#shared/platform/node/random-ids.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import type { Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import { sendFateOf } from '#shared/runtime/send-fate.ts'
import type { Ctx } from './core/context.ts'
import { createLicenceWatch } from './core/licence-standing/licence-watch.ts'
import { type SendPace, unpaced } from './core/send-ledger/send-pace.ts'
import type { Teller } from './core/teller.ts'
import { createWebhookWatch } from './core/webhook/webhook-watch.ts'
import { lazyBlobs, lazyMailer, lazyPace, lazyQueues, lazyReader, lazyTopics, lazyWebhookDoor } from './lazy-ports.ts'
import { pipelineNames, queueNameOf, topicNames } from './manifest.ts'

const NOTICE_QUEUE = 'tenant-notice'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Chooses every implementation of a tenant's function. Every function uses the table; each other port is loaded when it is first
 * used, so that a function's start pays for what it does and nothing else. Throws `environment.invalid` when the template and the
 * contract disagree.
 */
export function wireAws(env: Variables): Ctx {
  const environment = parseTenantEnvironment(env)
  const clock = systemClock
  const ids = createRandomIds(clock)
  const { tenantId, tableName, logLevel, domainName } = environment
  const log = createJsonLog({ clock, level: logLevel, writeLine: (line) => void process.stderr.write(line) })
  const table = createDynamoTable({ client: createDynamoClient(), tableName, tenantId, clock })
  return {
    table,
    ...portsOf(environment, table, log, env),
    authenticate: async (raw) => {
      const { createReceiptlessAuthenticator } = await import('#shared/imip/authenticate/authenticator.ts')
      return createReceiptlessAuthenticator({})(raw)
    },
    pace: paceOf(environment, table, log),
    clock,
    ids,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    log,
    workerId: ids.newId('req'),
    // Nobody can tell whether another instance still lives: its lease has to run out.
    isWorkerGone: () => false,
    licence: createLicenceWatch({ table, clock, keys: readLicenceKeys(environment.licenceKeys), tenantId, domainName }),
    webhooks: createWebhookWatch({ table, clock }),
    ...tellerOf(environment),
    settings: environment,
  }
}

/**
 * Where the account's rate is known, its tenants share it by the cell's table; a stack that has the account for itself shares it between its own functions,
 * by its own table. Elsewhere SES's answer slows it down.
 */
function paceOf({ tenantId, sendsPerSecond, sendRateTableName }: TenantEnvironment, table: Table, log: Log): SendPace {
  if (sendsPerSecond === undefined) return unpaced
  const clock = systemClock
  return lazyPace(async () => {
    const { createSendPace } = await import('./cell/send-rate/send-pace.ts')
    return createSendPace({
      table:
        sendRateTableName === undefined
          ? table
          : createDynamoTable({
              client: createDynamoClient(),
              tableName: sendRateTableName,
              tenantId: CELL_TABLE_SCOPE,
              clock,
            }),
      owner: tenantId,
      clock,
      waitUntil: (moment) => sleep(Math.max(0, moment - clock.now())),
      random: Math.random,
      perSecond: sendsPerSecond,
      log,
    })
  })
}

function portsOf(environment: TenantEnvironment, table: Table, log: Log, env: Variables) {
  const { topicArnPrefix, queueUrlPrefix, bucketName, configurationSetName, sesTenantName } = environment
  return {
    topics: lazyTopics(async () => {
      const [{ createSnsTopics }, { createSnsClient }] = await Promise.all([
        import('#shared/platform/aws/sns-topics.ts'),
        import('#shared/platform/aws/sns-client.ts'),
      ])
      return createSnsTopics({ client: createSnsClient(), topicArns: named(topicNames(), topicArnPrefix) })
    }),
    queueDepths: lazyQueues(async () => {
      const [{ createSqsQueues }, { createSqsClient }] = await Promise.all([
        import('#shared/platform/aws/sqs-queues.ts'),
        import('#shared/platform/aws/sqs-client.ts'),
      ])
      return createSqsQueues({ client: createSqsClient(), queueUrls: named(queueNames(), queueUrlPrefix) })
    }),
    blobs: lazyBlobs(async () => {
      const [{ createS3Blobs }, { createS3Client }] = await Promise.all([
        import('#shared/platform/aws/s3-blobs.ts'),
        import('#shared/platform/aws/s3-client.ts'),
      ])
      return createS3Blobs({ client: createS3Client(), bucketName, prefix: '' })
    }),
    mailer: lazyMailer(async () => {
      const [{ createSesMailer }, { createSesSends }] = await Promise.all([
        import('#shared/platform/aws/ses-mailer.ts'),
        import('#shared/platform/aws/ses-sends.ts'),
      ])
      return createSesMailer({
        sendEmail: createSesSends({ place: sesPlaceOf(env), clock: systemClock }),
        configurationSetName,
        tenantName: sesTenantName,
        lookup: (sendId) => sendFateOf(table, sendId),
      })
    }),
    webhookDoor: lazyWebhookDoor(async () => {
      const { createWebhookDoor } = await import('#shared/platform/node/webhook-door.ts')
      return createWebhookDoor()
    }),
    reader: lazyReader(async () => {
      const { createMailReader } = await import('#shared/imip/budget/mail-reader.ts')
      // One record at a time, so one child; the build puts its program beside this one.
      const entry = new URL('./reader-child.mjs', import.meta.url)
      const libraryPath = env.LD_LIBRARY_PATH
      const libraries = libraryPath === undefined ? {} : { libraryPath }
      return createMailReader({ log, entry, children: 1, spares: 0, ...libraries })
    }),
  }
}

/** The control plane's queue lies in another account, and perhaps in another region: `https://sqs.<region>.amazonaws.com/<account>/<name>`. */
function tellerOf({ tenantId, templateVersion, noticeQueueUrl }: TenantEnvironment): { readonly teller?: Teller } {
  if (noticeQueueUrl === undefined) return {}
  const region = /^https:\/\/sqs\.([a-z0-9-]+)\./.exec(noticeQueueUrl)?.[1]
  const { send } = lazyQueues(async () => {
    const [{ createSqsQueues }, { createSqsClient }] = await Promise.all([
      import('#shared/platform/aws/sqs-queues.ts'),
      import('#shared/platform/aws/sqs-client.ts'),
    ])
    const client = createSqsClient(region === undefined ? {} : { region })
    return createSqsQueues({ client, queueUrls: { [NOTICE_QUEUE]: noticeQueueUrl } })
  })
  return { teller: { tenantId, templateVersion, tell: (notice) => send(NOTICE_QUEUE, JSON.stringify(notice)) } }
}

/** The manifest's queues and their dead letters. */
function queueNames(): readonly string[] {
  return pipelineNames().flatMap((name) => [queueNameOf(name), `${queueNameOf(name)}-dlq`])
}

function named(names: readonly string[], prefix: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `${prefix}${name}`]))
}
