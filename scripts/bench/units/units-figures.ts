import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sumOf, usageCosts } from '#infra/prices.ts'
import { parseEnvironment } from '#shared/contracts/environment.ts'
import type { Queues } from '#shared/platform/queue.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { changeByApi, createByApi } from '#tenant-stack/core/event-change/change-by-api.ts'
import { rememberOrganizerOperation } from '#tenant-stack/core/organizer/organizer.ts'
import { confirmList, uploadList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { type PipelineName, pipelineNames, pipelines, queueNameOf } from '#tenant-stack/manifest.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { wireEmbedded } from '#tenant-stack/wire.ts'
import type { Figure, RunGroup } from '../../figures/figure.ts'
import { type Bill, emptyBill, meteredBlobs, meteredTable, meteredTopics } from './metered-ports.ts'

const PEOPLE = 5000
const ORGANIZER = 'ana@example.com'
/** What SES takes to answer a send, which a function waits for: the one number here that is not counted but assumed. */
const SES_ANSWER_SECONDS = 0.06

/**
 * What an invite costs in billable units from the confirmed list to ACCEPTED, counted at the ports of the embedded runtime, which runs the code and the
 * batches that AWS runs: for people who are written to for the first time, for people the organizer has written to before, and for an update.
 */
export const unitsFigures: RunGroup = async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'convoke-units-'))
  const wired = await wireEmbedded(
    parseEnvironment({
      CONVOKE_DATA: dataFolder,
      CONVOKE_LOG_LEVEL: 'error',
      CONVOKE_INVITES_PER_EVENT: String(2 * PEOPLE),
      CONVOKE_SENDS_PER_DAY: String(10 * PEOPLE),
    }),
    'http://127.0.0.1',
  )
  try {
    const world = worldOf(wired.ctx, wired.own.queues)
    await wired.ctx.table.write(rememberOrganizerOperation({ address: ORGANIZER, name: 'Ana Diaz' }))
    const first = await invite(world, 'first')
    const known = await invite(world, 'known')
    const update = await world.billed(async () => {
      await changeByApi(world.ctx, { requestName: 'update', eventId: known.eventId, body: { location: 'Room 2' } })
    })
    if (world.sendIds.length !== 3 * PEOPLE) throw new Error(`${world.sendIds.length} of ${3 * PEOPLE} mails were sent`)
    const feed = await world.billed(() => tellDelivered(world, world.sendIds.slice(0, PEOPLE)))
    return figuresOf({ first: first.bill, known: known.bill, update, feed })
  } finally {
    await wired.close()
    await rm(dataFolder, { recursive: true, force: true })
  }
}

type World = ReturnType<typeof worldOf>

function worldOf(plain: Ctx, queues: Queues) {
  let bill = emptyBill()
  const sendIds: string[] = []
  const delegate = { ...plain }
  const ctx: Ctx = {
    ...plain,
    mailer: {
      ...plain.mailer,
      send: async (mail) => {
        sendIds.push(mail.sendId)
        return { mailerMessageId: mail.sendId }
      },
    },
    get table() {
      return meteredTable(delegate.table, bill)
    },
    get topics() {
      return meteredTopics(delegate.topics, bill)
    },
    get blobs() {
      return meteredBlobs(delegate.blobs, bill)
    },
  }

  /** As SQS feeds Lambda: a delivery by SNS, a receive and a delete for each batch. */
  async function drain(): Promise<void> {
    for (;;) {
      let handled = 0
      for (const name of pipelineNames()) handled += await feed(name)
      if (handled === 0) return
    }
  }

  async function feed(name: PipelineName): Promise<number> {
    const queueName = queueNameOf(name)
    const messages = await queues.receive(queueName, { max: pipelines[name].batchSize })
    if (messages.length === 0) return 0
    bill.queueRequests += messages.length + 2
    bill.invocations += 1
    for (const { body, receiptHandle } of messages) {
      await pipelineHandlers[name](ctx, body)
      await queues.delete(queueName, receiptHandle)
    }
    return messages.length
  }

  return {
    ctx,
    queues,
    sendIds,
    drain,
    /** What this costs, and all that follows from it. */
    async billed(act: () => Promise<unknown>): Promise<Bill> {
      bill = emptyBill()
      await act()
      await drain()
      return bill
    },
  }
}

async function invite(world: World, requestName: string) {
  const { ctx } = world
  const { eventId } = await createByApi(ctx, {
    requestName,
    body: {
      organizer: ORGANIZER,
      subject: 'Quarterly review',
      start: { local: '2027-03-05T10:00:00', time_zone: 'Europe/Madrid' },
      duration: 'PT1H',
      audience: 'everyone',
    },
  })
  const lines = Array.from({ length: PEOPLE }, (_, at) => `person${at}@example.org,Person ${at}`)
  const { listId } = await uploadList(ctx, { eventId, bytes: Buffer.from(['email,name', ...lines].join('\n')) })
  await world.drain()
  return { eventId, bill: await world.billed(() => confirmList(ctx, listId)) }
}

/** SES tells twice of a mail that arrives: that it has taken it, and that it was delivered. */
async function tellDelivered({ queues, ctx }: World, sendIds: readonly string[]): Promise<void> {
  const timestamp = new Date(ctx.clock.now()).toISOString()
  for (const sendId of sendIds)
    for (const eventType of ['Send', 'Delivery'])
      await queues.send(
        queueNameOf('feedback'),
        JSON.stringify({ eventType, mail: { messageId: sendId, timestamp, tags: { sendId: [sendId] } } }),
      )
}

type Bills = { readonly first: Bill; readonly known: Bill; readonly update: Bill; readonly feed: Bill }

function figuresOf({ first, known, update, feed }: Bills): readonly Figure[] {
  const figure = (name: string, value: number, unit: string): Figure => ({ group: 'units', name, value, unit })
  const each = (name: keyof Bill, bill = known) => bill[name] / PEOPLE
  return [
    figure('writes_per_invite', each('writes'), 'writes'),
    figure('writes_per_first_invite', each('writes', first), 'writes'),
    figure('writes_per_update', each('writes', update), 'writes'),
    figure('sqs_per_invite', each('queueRequests'), 'requests'),
    figure('invocations_per_invite', each('invocations'), 'calls'),
    figure('s3_puts_per_invite', each('puts'), 'puts'),
    figure('usd_per_million_beyond_ses', usdPerMillion('known', known), 'usd'),
    figure('usd_per_million_first', usdPerMillion('first', first), 'usd'),
    figure('usd_per_million_updates', usdPerMillion('update', update), 'usd'),
    figure('feed_writes', each('writes', feed), 'writes'),
    figure('feed_sqs', each('queueRequests', feed), 'requests'),
    figure('feed_usd', usdPerMillion('feed', feed, 0), 'usd'),
  ]
}

function usdPerMillion(name: string, bill: Bill, waitSeconds = SES_ANSWER_SECONDS): number {
  const memoryGb = pipelines['send-chunk'].memoryMb / 1024
  const costs = usageCosts({ ...bill, functionGbSeconds: PEOPLE * waitSeconds * memoryGb })
  const perMillion = costs.map(({ line, usd }) => ({ line, usd: (usd / PEOPLE) * 1e6 }))
  for (const { line, usd } of perMillion)
    process.stdout.write(`units ${name}: ${usd.toFixed(3)} USD a million for ${line}\n`)
  return sumOf(perMillion)
}
