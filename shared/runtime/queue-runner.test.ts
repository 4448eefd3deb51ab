import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineFailures } from '#shared/errors/failure.ts'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { backOffSeconds, type QueueRunner, type RunnerTask, startQueueRunner } from './queue-runner.ts'

const TestFailure = defineFailures('test', { not_yet: { status: 503, retry: true } })

let platform: MemoryPlatform
let runner: QueueRunner | undefined

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  platform = await createMemoryPlatform({
    queueDefinitions: [{ queueName: 'work', topicNames: ['said'], visibilitySeconds: 60, maxReceives: 3 }],
  })
})

afterEach(async () => {
  await runner?.stop()
  vi.useRealTimers()
  await platform.close()
})

function start(task: Partial<RunnerTask> & Pick<RunnerTask, 'handle'>): void {
  runner = startQueueRunner({
    own: platform.embeddedQueues,
    tasks: [{ queueName: 'work', concurrency: 4, batchSize: 10, timeoutSeconds: 30, ...task }],
    clock: platform.clock,
    log: platform.log,
  })
}

/** Lets queued work go on until it is so, without a clock. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    if (await isSo()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('it never became so')
}

/** A second passes only when all that is due has been looked at and the next look is set. */
async function pass(seconds: number): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  platform.clock.advance(seconds)
  await vi.advanceTimersByTimeAsync(seconds * 1000)
}

const isEmpty = async () => {
  const { visible, inFlight, delayed } = await platform.queues.depth('work')
  return visible + inFlight + delayed === 0
}

it('works on what is there already and on what comes later, and deletes both', async () => {
  const done: string[] = []
  await platform.topics.publish('said', 'before')
  start({ handle: async (body) => void done.push(body) })
  await until(() => done.length === 1)
  await platform.topics.publish('said', 'after')
  await until(() => done.length === 2)
  expect(done).toEqual(['before', 'after'])
  await until(isEmpty)
})

it('has no more records in work than its concurrency, and all of them in the end', async () => {
  let atOnce = 0
  let most = 0
  let done = 0
  for (let n = 0; n < 25; n++) await platform.topics.publish('said', String(n))
  start({
    async handle() {
      atOnce += 1
      most = Math.max(most, atOnce)
      await new Promise((resolve) => setImmediate(resolve))
      atOnce -= 1
      done += 1
    },
  })
  await until(() => done === 25)
  expect(most).toBe(4)
})

it('brings a failed record back after 1, then 2 seconds, and then leaves it to the dead letters', async () => {
  const times: number[] = []
  start({
    handle: async () => {
      times.push(platform.clock.now())
      throw TestFailure.not_yet('not yet')
    },
  })
  const began = platform.clock.now()
  await platform.topics.publish('said', 'poison')
  await until(() => platform.log.entries.length === 1)
  await until(async () => (await platform.queues.depth('work')).inFlight === 1)
  for (let second = 0; second < 12; second++) {
    await pass(1)
    await until(async () => (await platform.queues.depth('work')).visible === 0)
  }
  expect(times.map((time) => (time - began) / 1000)).toEqual([0, 1, 3])
  expect(platform.log.entries.map(({ at, code }) => [at, code])).toEqual(
    Array(3).fill(['runner.record', 'test.not_yet']),
  )
  expect((await platform.queues.depth('work-dlq')).visible).toBe(1)
})

it('fails a record alone: its neighbours are worked on and deleted', async () => {
  const done: string[] = []
  for (const body of ['one', 'bad', 'two']) await platform.topics.publish('said', body)
  start({
    handle: async (body) => {
      if (body === 'bad') throw new Error('a bug')
      done.push(body)
    },
  })
  await until(() => done.length === 2 && platform.log.entries.length === 1)
  expect(done.sort()).toEqual(['one', 'two'])
  expect(platform.log.entries[0]).toMatchObject({ code: 'bug', queue: 'work', receiveCount: 1 })
})

it('counts a record that never ends as failed and goes on with the next', async () => {
  const done: string[] = []
  await platform.topics.publish('said', 'stuck')
  await platform.topics.publish('said', 'next')
  start({
    concurrency: 1,
    handle: (body) => (body === 'stuck' ? new Promise(() => undefined) : Promise.resolve(void done.push(body))),
  })
  await until(async () => (await platform.queues.depth('work')).inFlight === 1)
  await pass(30)
  await until(() => done.length === 1)
  expect(platform.log.entries[0]).toMatchObject({ error: expect.stringContaining('not done within 30 s') })
})

it('stops by finishing what runs and taking nothing new', async () => {
  let finish: () => void = () => undefined
  const done: string[] = []
  start({
    concurrency: 1,
    async handle(body) {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      done.push(body)
    },
  })
  await platform.topics.publish('said', 'running')
  await platform.topics.publish('said', 'waiting')
  await until(async () => (await platform.queues.depth('work')).inFlight === 1)
  const stopped = runner?.stop()
  finish()
  await stopped
  expect(done).toEqual(['running'])
  expect(await platform.queues.depth('work')).toMatchObject({ visible: 1, inFlight: 0 })
})

it('waits 1, 2, 4, 8 seconds and never more than a minute', () => {
  expect([1, 2, 3, 4, 6, 7, 40].map(backOffSeconds)).toEqual([1, 2, 4, 8, 32, 60, 60])
})
