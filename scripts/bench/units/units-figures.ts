import { sumOf, usageCosts } from '#infra/prices.ts'
import { changeByApi } from '#tenant-stack/core/event-change/change-by-api.ts'
import { confirmList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { pipelines, queueNameOf } from '#tenant-stack/manifest.ts'
import type { Figure, RunGroup } from '../../figures/figure.ts'
import { openSendingWorld, type SendingWorld } from '../sending/sending-world.ts'
import { type Bill, emptyBill, meteredBlobs, meteredTable, meteredTopics } from './metered-ports.ts'

const PEOPLE = 5000
/** What SES takes to answer a send, which a function waits for: the one number here that is not counted but assumed. */
const SES_ANSWER_SECONDS = 0.06

/**
 * What an invite costs in billable units from the confirmed list to ACCEPTED, counted at the ports of the embedded runtime, which runs the code and the
 * batches that AWS runs: for people who are written to for the first time, for people the organizer has written to before, and for an update.
 */
export const unitsFigures: RunGroup = async () => {
  const { world, sendIds, billed } = await openBilledWorld()
  try {
    const first = await world.checkedList('first', PEOPLE)
    const firstBill = await billed(() => confirmList(world.ctx, first.listId))
    const known = await world.checkedList('known', PEOPLE)
    const knownBill = await billed(() => confirmList(world.ctx, known.listId))
    const update = await billed(async () => {
      await changeByApi(world.ctx, { requestName: 'update', eventId: known.eventId, body: { location: 'Room 2' } })
    })
    if (sendIds.length !== 3 * PEOPLE) throw new Error(`${sendIds.length} of ${3 * PEOPLE} mails were sent`)
    const feed = await billed(() => tellDelivered(world, sendIds.slice(0, PEOPLE)))
    return figuresOf({ first: firstBill, known: knownBill, update, feed })
  } finally {
    await world.close()
  }
}

async function openBilledWorld() {
  let bill = emptyBill()
  const sendIds: string[] = []
  const world = await openSendingWorld({
    sendsMax: 10 * PEOPLE,
    // As SQS feeds Lambda: a delivery by SNS, a receive and a delete for each batch.
    onBatch(_, messages) {
      bill.queueRequests += messages + 2
      bill.invocations += 1
    },
    adjust: (plain) => ({
      ...plain,
      mailer: {
        ...plain.mailer,
        send: async (mail) => {
          // What tells the organizer that his list is sent has no reverse-path, and is no invite.
          if (mail.envelopeFrom !== null) sendIds.push(mail.sendId)
          return { mailerMessageId: mail.sendId }
        },
      },
      get table() {
        return meteredTable(plain.table, bill)
      },
      get topics() {
        return meteredTopics(plain.topics, bill)
      },
      get blobs() {
        return meteredBlobs(plain.blobs, bill)
      },
    }),
  })
  return {
    world,
    sendIds,
    /** What this costs, and all that follows from it. */
    billed: async (act: () => Promise<unknown>): Promise<Bill> => {
      bill = emptyBill()
      await act()
      await world.drain()
      return bill
    },
  }
}

/** SES tells twice of a mail that arrives: that it has taken it, and that it was delivered. */
async function tellDelivered({ queues, ctx }: SendingWorld, sendIds: readonly string[]): Promise<void> {
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
