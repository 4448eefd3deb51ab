import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnvironment } from '#shared/contracts/environment.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Queues } from '#shared/platform/queue.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import type { MailOutcome } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { type PipelineName, pipelines, queueNameOf } from '#tenant-stack/manifest.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { wireEmbedded } from '#tenant-stack/wire.ts'

export type Received = {
  readonly outcome: MailOutcome | undefined
  /** Thrown by a pipeline and no named failure: a bug. */
  readonly uncaught: readonly string[]
}

/** The embedded product without its doors, on a temporary folder: mails go in one at a time and every queue is run dry. */
export async function openBenchTenant() {
  const folder = await mkdtemp(join(tmpdir(), 'convoke-bench-'))
  const environment = parseEnvironment({ CONVOKE_DATA: folder, CONVOKE_LOG_LEVEL: 'error' })
  const wired = await wireEmbedded(environment, 'http://127.0.0.1:8025')
  const { ctx } = wired
  const recipient = `${environment.mailboxes.create}@${environment.domainName}`

  return {
    ctx,
    async receive(raw: Uint8Array): Promise<Received> {
      const { mailId } = await acceptMail(ctx, {
        raw,
        envelopeFrom: 'organizer@example.com',
        recipients: [recipient],
        origin: { remoteAddress: '127.0.0.1', helo: 'localhost' },
      })
      const uncaught = await drain(ctx, wired.own.queues)
      return { outcome: (await findDelivery(ctx, mailId, recipient))?.outcome, uncaught }
    },
    async close() {
      await wired.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function drain(ctx: Parameters<typeof acceptMail>[0], queues: Queues): Promise<readonly string[]> {
  const uncaught: string[] = []
  for (let idleRounds = 0; idleRounds < 1; ) {
    let handled = 0
    for (const name of Object.keys(pipelines).filter(isPipelineName))
      handled += await runQueue(ctx, queues, name, uncaught)
    if (handled === 0) idleRounds += 1
  }
  return uncaught
}

async function runQueue(
  ctx: Parameters<typeof acceptMail>[0],
  queues: Queues,
  name: PipelineName,
  uncaught: string[],
): Promise<number> {
  const queueName = queueNameOf(name)
  const messages = await queues.receive(queueName, { max: 10 })
  for (const message of messages) {
    try {
      await pipelineHandlers[name](ctx, message.body)
      await queues.delete(queueName, message.receiptHandle)
    } catch (error) {
      if (isFailure(error) && error.retry) await queues.changeVisibility(queueName, message.receiptHandle, 0)
      else {
        uncaught.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
        await queues.delete(queueName, message.receiptHandle)
      }
    }
  }
  return messages.length
}

function isPipelineName(name: string): name is PipelineName {
  return name in pipelines
}
