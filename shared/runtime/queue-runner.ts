import { logFieldsOf } from '#shared/errors/log-fields.ts'
import type { QueueMessage, Queues } from '#shared/platform/queue.ts'
import type { Clock, Log } from '#shared/platform/small-ports.ts'

/** One queue and the work its messages stand for. */
export type RunnerTask = {
  readonly queueName: string
  /** Messages in work at once; an embedded worker takes one record where a function takes a batch. */
  readonly concurrency: number
  readonly batchSize: number
  /** A record that takes longer counts as failed; on AWS its function would be killed. */
  readonly timeoutSeconds: number
  readonly handle: (body: string) => Promise<void>
}

/** The queues, and what only the process that owns them can ask. */
export type OwnQueues = {
  readonly queues: Queues
  onMessage(queueName: string, wake: () => void): () => void
  /** Epoch milliseconds at which the next message is or was due; in-flight ones count by the end of their visibility. */
  nextDueAt(queueName: string): Promise<number | undefined>
}

/** Takes nothing new; resolves when what runs has ended. */
export type QueueRunner = { stop(): Promise<void> }

const receiveMax = 10
const backOffSecondsMax = 60
/** How long an empty or broken queue is left alone when nothing says that it has something. */
const lookAgainSecondsMax = 60

/** How long a message waits after its nth receive failed: 1, 2, 4, 8 … seconds, at most a minute. */
export function backOffSeconds(receiveCount: number): number {
  return Math.min(backOffSecondsMax, 2 ** Math.min(receiveCount - 1, 10))
}

/**
 * Runs every task over its queue until stopped. A record that succeeds is deleted; one that throws is logged by its code and
 * made visible again after a back-off, and the queue itself moves it to the dead letters after its maximum of receives.
 * Nothing polls: a lane looks when a message is put on its queue, when a slot frees itself, and when the next one is due.
 */
export function startQueueRunner(options: {
  readonly own: OwnQueues
  readonly tasks: readonly RunnerTask[]
  readonly clock: Clock
  readonly log: Log
}): QueueRunner {
  const lanes = options.tasks.map((task) => openLane(options.own, task, options.clock, options.log))
  return {
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop()))
    },
  }
}

function openLane(own: OwnQueues, task: RunnerTask, clock: Clock, log: Log): QueueRunner {
  const { queues } = own
  const running = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let isStopping = false
  let isLooking = false
  let isWokenMeanwhile = false
  let look: Promise<void> = Promise.resolve()

  function wake(): void {
    if (isStopping) return
    if (isLooking) {
      isWokenMeanwhile = true
      return
    }
    isLooking = true
    look = takeAll()
      .catch((error: unknown) => {
        log.error({ at: 'runner.queue', queue: task.queueName, ...logFieldsOf(error) })
        lookAgainIn(1000)
      })
      .finally(() => {
        isLooking = false
        if (!isWokenMeanwhile) return
        isWokenMeanwhile = false
        wake()
      })
  }

  /** Takes until the queue is empty or every slot is in use; a slot that frees itself wakes the lane again. */
  async function takeAll(): Promise<void> {
    while (!isStopping) {
      const max = Math.min(task.batchSize, task.concurrency - running.size, receiveMax)
      if (max <= 0) return
      const messages = await queues.receive(task.queueName, { max })
      for (const message of messages) run(message)
      if (messages.length > 0) continue
      const dueAt = await own.nextDueAt(task.queueName)
      if (dueAt !== undefined) lookAgainIn(dueAt - clock.now())
      return
    }
  }

  function run(message: QueueMessage): void {
    const work = workOn(message).finally(() => {
      running.delete(work)
      wake()
    })
    running.add(work)
  }

  async function workOn(message: QueueMessage): Promise<void> {
    try {
      await within(task.timeoutSeconds, task.handle(message.body))
      await queues.delete(task.queueName, message.receiptHandle)
    } catch (error) {
      const { messageId, receiveCount, receiptHandle } = message
      log.warn({ at: 'runner.record', queue: task.queueName, messageId, receiveCount, ...logFieldsOf(error) })
      await queues
        .changeVisibility(task.queueName, receiptHandle, backOffSeconds(receiveCount))
        .catch((cause: unknown) => log.warn({ at: 'runner.visibility', queue: task.queueName, ...logFieldsOf(cause) }))
    }
  }

  function lookAgainIn(milliseconds: number): void {
    clearTimeout(timer)
    if (isStopping) return
    timer = setTimeout(wake, Math.min(Math.max(milliseconds, 5), lookAgainSecondsMax * 1000))
  }

  const stopListening = own.onMessage(task.queueName, wake)
  wake()
  return {
    async stop() {
      isStopping = true
      stopListening()
      await look
      clearTimeout(timer)
      await Promise.all(running)
    },
  }
}

async function within(timeoutSeconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${timeoutSeconds} s`)), timeoutSeconds * 1000)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
