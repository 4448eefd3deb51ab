import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnvironment } from '#shared/contracts/environment.ts'
import type { Queues } from '#shared/platform/queue.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { createByApi } from '#tenant-stack/core/event-change/change-by-api.ts'
import { rememberOrganizerOperation } from '#tenant-stack/core/organizer/organizer.ts'
import { uploadList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { type PipelineName, pipelineNames, pipelines, queueNameOf } from '#tenant-stack/manifest.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { wireEmbedded } from '#tenant-stack/wire.ts'

const ORGANIZER = 'ana@example.com'

/** Called before a batch of a queue is handled. */
export type OnBatch = (name: PipelineName, messages: number) => void

export type SendingWorld = {
  readonly ctx: Ctx
  readonly queues: Queues
  /** Runs every queue until all are empty, in the batches that the manifest gives to SQS. */
  drain(): Promise<void>
  /** An event with a list of so many people that was checked and waits to be confirmed. */
  checkedList(requestName: string, people: number): Promise<{ readonly eventId: string; readonly listId: string }>
  close(): Promise<void>
}

/** The embedded runtime's own wiring in this process, without its doors, on a data folder that goes with it; `adjust` puts something round its ports. */
export async function openSendingWorld(options: {
  readonly sendsMax: number
  readonly adjust: (ctx: Ctx) => Ctx
  readonly onBatch?: OnBatch
}): Promise<SendingWorld> {
  const { sendsMax, adjust, onBatch } = options
  const dataFolder = await mkdtemp(join(tmpdir(), 'convoke-sending-'))
  const wired = await wireEmbedded(
    parseEnvironment({
      CONVOKE_DATA: dataFolder,
      CONVOKE_LOG_LEVEL: 'error',
      CONVOKE_INVITES_PER_EVENT: String(sendsMax),
      CONVOKE_SENDS_PER_DAY: String(sendsMax),
    }),
    'http://127.0.0.1',
  )
  await wired.ctx.table.write(rememberOrganizerOperation({ address: ORGANIZER, name: 'Ana Diaz' }))
  const ctx = adjust(wired.ctx)
  const { queues } = wired.own

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
    onBatch?.(name, messages.length)
    for (const { body, receiptHandle } of messages) {
      await pipelineHandlers[name](ctx, body)
      await queues.delete(queueName, receiptHandle)
    }
    return messages.length
  }

  return {
    ctx,
    queues,
    drain,
    async checkedList(requestName, people) {
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
      const lines = Array.from({ length: people }, (_, at) => `person${at}@example.org,Person ${at}`)
      const { listId } = await uploadList(ctx, { eventId, bytes: Buffer.from(['email,name', ...lines].join('\n')) })
      await drain()
      return { eventId, listId }
    },
    async close() {
      await wired.close()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
