import type { QueueDefinition, Queues, Topics } from '../queue.ts'
import { assertBody, assertRange, DELAY_SECONDS_MAX, RECEIVE_MAX, VISIBILITY_SECONDS_MAX } from '../queue-rules.ts'
import type { Clock } from '../small-ports.ts'
import { knowQueues } from './known-queues.ts'
import { claimMessages, hasDueMessage, insertMessage, type QueueFaults } from './queue-messages.ts'
import { deleteByReceipt, hideByReceipt } from './queue-receipts.ts'
import { createWakeUps } from './queue-wake-ups.ts'
import { columnNumber, columnNumberOrNull } from './sqlite-row.ts'
import type { SqliteStore } from './sqlite-store.ts'

const DEPTH = `SELECT
    count(*) FILTER (WHERE visible_at <= ?2) AS visible,
    count(*) FILTER (WHERE visible_at > ?2 AND receipt IS NOT NULL) AS in_flight,
    count(*) FILTER (WHERE visible_at > ?2 AND receipt IS NULL) AS delayed
  FROM queue_messages WHERE queue_name = ?1`
const NEXT_DUE = 'SELECT min(visible_at) AS due_at FROM queue_messages WHERE queue_name = ?'
const RELEASE = 'UPDATE queue_messages SET visible_at = ?1 WHERE receipt IS NOT NULL AND visible_at > ?1'

export type QueuesOptions = {
  readonly store: SqliteStore
  readonly clock: Clock
  readonly definitions: readonly QueueDefinition[]
  /** Tests only. */
  readonly faults?: QueueFaults
}

/** The ports, and what only a runtime that owns its queues can ask. */
export type EmbeddedQueues = {
  readonly queues: Queues
  readonly topics: Topics
  /** Calls back (soon, once for several) when this process made a message of the queue receivable; answers `stop`. */
  readonly onMessage: (queueName: string, wake: () => void) => () => void
  /** Epoch milliseconds at which the queue's next message is or was due; undefined when it is empty. */
  readonly nextDueAt: (queueName: string) => Promise<number | undefined>
  /** For the sole owner at start: what a dead predecessor held is receivable now. Answers how many. */
  readonly releaseInFlight: () => Promise<number>
}

/** Durable queues and topics on SQLite with SQS's and SNS's rules. */
export function createQueues({ store, clock, definitions, faults = {} }: QueuesOptions): EmbeddedQueues {
  const known = knowQueues(definitions)
  const wakeUps = createWakeUps()

  const queues: Queues = {
    async send(queueName, body, options = {}) {
      known.queue(queueName)
      assertBody(body)
      const { delaySeconds = 0 } = options
      assertRange('delaySeconds', delaySeconds, 0, DELAY_SECONDS_MAX)
      const now = clock.now()
      await store.write(() => insertMessage(store, queueName, body, now, now + delaySeconds * 1000))
      wakeUps.wake(queueName)
    },
    async receive(queueName, options) {
      const queue = known.queue(queueName)
      const { max, visibilitySeconds = queue.visibilitySeconds } = options
      assertRange('max', max, 1, RECEIVE_MAX)
      assertRange('visibilitySeconds', visibilitySeconds, 0, VISIBILITY_SECONDS_MAX)
      // An empty look costs no write lock.
      if (!store.read(() => hasDueMessage(store, queueName, clock.now()))) return []
      return store.write(() => claimMessages(store, queue, { max, visibilitySeconds, now: clock.now() }, faults))
    },
    async delete(queueName, receiptHandle) {
      known.queue(queueName)
      await store.write(() => deleteByReceipt(store, queueName, receiptHandle))
    },
    async changeVisibility(queueName, receiptHandle, visibilitySeconds) {
      known.queue(queueName)
      assertRange('visibilitySeconds', visibilitySeconds, 0, VISIBILITY_SECONDS_MAX)
      await store.write(() => hideByReceipt(store, queueName, receiptHandle, visibilitySeconds, clock.now()))
      wakeUps.wake(queueName)
    },
    async depth(queueName) {
      known.queue(queueName)
      const row = store.read(() => store.prepare(DEPTH).get(queueName, clock.now()))
      return {
        visible: columnNumber(row, 'visible'),
        inFlight: columnNumber(row, 'in_flight'),
        delayed: columnNumber(row, 'delayed'),
      }
    },
  }

  const topics: Topics = {
    async publish(topicName, body) {
      const listeners = known.listeners(topicName)
      assertBody(body)
      const now = clock.now()
      await store.write(() => {
        for (const queueName of listeners) insertMessage(store, queueName, body, now, now)
      })
      for (const queueName of listeners) wakeUps.wake(queueName)
    },
  }

  return {
    queues,
    topics,
    onMessage(queueName, wake) {
      return wakeUps.listen(known.queue(queueName).queueName, wake)
    },
    async nextDueAt(queueName) {
      known.queue(queueName)
      const row = store.read(() => store.prepare(NEXT_DUE).get(queueName))
      return row === undefined ? undefined : (columnNumberOrNull(row, 'due_at') ?? undefined)
    },
    async releaseInFlight() {
      const result = await store.write(() => store.prepare(RELEASE).run(clock.now()))
      wakeUps.wakeAll()
      return Number(result.changes)
    },
  }
}
