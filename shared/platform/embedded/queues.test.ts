import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { listDeadLetters, redriveDeadLetters } from './dead-letters.ts'
import { createQueues } from './queues.ts'

const work = { queueName: 'work', topicNames: ['news'], visibilitySeconds: 30, maxReceives: 2 }
const audit = { queueName: 'audit', topicNames: ['news'], visibilitySeconds: 30, maxReceives: 5 }

let platform: MemoryPlatform
beforeEach(async () => {
  platform = await createMemoryPlatform({ queueDefinitions: [work, audit] })
})
afterEach(() => platform.close())

describe('wake-ups', () => {
  it('a send wakes its queue, once for many, and no other', async () => {
    const { embeddedQueues, queues } = platform
    const [onWork, onAudit] = [vi.fn(), vi.fn()]
    embeddedQueues.onMessage('work', onWork)
    embeddedQueues.onMessage('audit', onAudit)
    await Promise.all([queues.send('work', 'a'), queues.send('work', 'b'), queues.send('work', 'c')])
    await vi.waitFor(() => expect(onWork).toHaveBeenCalledOnce())
    expect(onAudit).not.toHaveBeenCalled()
  })

  it('the message can be received when the call comes', async () => {
    const { embeddedQueues, queues } = platform
    const received = new Promise((resolve) => {
      embeddedQueues.onMessage('work', () => resolve(queues.receive('work', { max: 1 })))
    })
    await queues.send('work', 'a')
    expect(await received).toHaveLength(1)
  })

  it('a publish wakes every listener, a release of visibility its queue; stop stops', async () => {
    const { embeddedQueues, queues, topics } = platform
    const [onWork, onAudit] = [vi.fn(), vi.fn()]
    const stop = embeddedQueues.onMessage('work', onWork)
    embeddedQueues.onMessage('audit', onAudit)
    await topics.publish('news', 'x')
    await vi.waitFor(() => expect([onWork.mock.calls.length, onAudit.mock.calls.length]).toEqual([1, 1]))
    const [message] = await queues.receive('work', { max: 1 })
    await queues.changeVisibility('work', message?.receiptHandle ?? '', 0)
    await vi.waitFor(() => expect(onWork).toHaveBeenCalledTimes(2))
    stop()
    await topics.publish('news', 'y')
    await vi.waitFor(() => expect(onAudit).toHaveBeenCalledTimes(2))
    expect(onWork).toHaveBeenCalledTimes(2)
  })

  it('a listener to an unknown queue is a mistake', () => {
    expect(() => platform.embeddedQueues.onMessage('nowhere', () => undefined)).toThrow('nowhere')
  })
})

describe('what only the owner asks', () => {
  it('nextDueAt tells when to look again', async () => {
    const { embeddedQueues, queues, clock } = platform
    expect(await embeddedQueues.nextDueAt('work')).toBeUndefined()
    await queues.send('work', 'later', { delaySeconds: 60 })
    expect(await embeddedQueues.nextDueAt('work')).toBe(clock.now() + 60_000)
    await queues.send('work', 'now')
    expect(await embeddedQueues.nextDueAt('work')).toBe(clock.now())
    await queues.receive('work', { max: 1, visibilitySeconds: 20 })
    expect(await embeddedQueues.nextDueAt('work')).toBe(clock.now() + 20_000)
  })

  it('releaseInFlight gives back what was held, keeps its count, and leaves delays alone', async () => {
    const { embeddedQueues, queues } = platform
    await queues.send('work', 'held')
    await queues.send('audit', 'delayed', { delaySeconds: 60 })
    const [held] = await queues.receive('work', { max: 1 })
    expect(await embeddedQueues.releaseInFlight()).toBe(1)
    const [again] = await queues.receive('work', { max: 1 })
    expect(again).toMatchObject({ messageId: held?.messageId, receiveCount: 2 })
    expect(await queues.depth('audit')).toEqual({ visible: 0, inFlight: 0, delayed: 1 })
  })

  it('dead letters can be read without receiving them, and put back to be received afresh', async () => {
    const { queues, store, clock } = platform
    for (const body of ['a', 'b', 'c']) await queues.send('work', body)
    for (let receive = 0; receive < 3; receive += 1) {
      await queues.receive('work', { max: 10 })
      clock.advance(31)
    }
    const [first, second] = await listDeadLetters(store, 'work', { limit: 2 })
    expect([first?.body, second?.body]).toEqual(['a', 'b'])
    expect(
      (await listDeadLetters(store, 'work', { limit: 9, after: second?.position ?? 0 })).map((l) => l.body),
    ).toEqual(['c'])
    expect(await redriveDeadLetters(store, clock, 'work', 2)).toBe(2)
    expect((await queues.receive('work', { max: 10 })).map(({ body, receiveCount }) => [body, receiveCount])).toEqual([
      ['a', 1],
      ['b', 1],
    ])
    expect(await listDeadLetters(store, 'work', { limit: 9 })).toHaveLength(1)
  })

  it('messages wait for a restart with other definitions', async () => {
    const { store, clock, queues } = platform
    await queues.send('work', 'kept')
    const later = createQueues({ store, clock, definitions: [{ ...work, visibilitySeconds: 5 }] })
    expect(await later.queues.receive('work', { max: 1 })).toMatchObject([{ body: 'kept' }])
  })
})

describe('definitions', () => {
  const { store, clock } = { store: () => platform.store, clock: () => platform.clock }
  for (const [what, definitions] of Object.entries({
    'a name twice': [work, work],
    'a name that another needs for its dead letters': [work, { ...audit, queueName: 'work-dlq' }],
    'a bad name': [{ ...work, queueName: 'a b' }],
    'no receives': [{ ...work, maxReceives: 0 }],
    'over 12 hours': [{ ...work, visibilitySeconds: 43_201 }],
  }))
    it(`${what} is refused`, () => {
      expect(() => createQueues({ store: store(), clock: clock(), definitions })).toThrow(
        expect.objectContaining({ code: 'queue.bad_request' }),
      )
    })
})
