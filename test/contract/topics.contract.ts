import { describe, expect, it } from 'vitest'
import { expectFailure } from './contract-case.ts'
import { bodies, type QueueSubject, receiveCount, receiveOne } from './queue-subject.ts'

export function describeTopics(subject: () => QueueSubject): void {
  describe('topics', () => {
    it('every listening queue gets a copy of its own', async () => {
      const { queues, topics } = subject()
      await topics.publish('news', 'hello')
      const [work, audit] = [await receiveOne(queues, 'work'), await receiveOne(queues, 'audit')]
      expect([work.body, audit.body]).toEqual(['hello', 'hello'])
      await queues.delete('work', work.receiptHandle)
      expect(await queues.depth('audit')).toMatchObject({ inFlight: 1 })
    })

    it('queues that do not listen get nothing', async () => {
      const { queues, topics } = subject()
      await topics.publish('alarms', 'fire')
      expect((await receiveOne(queues, 'audit')).body).toBe('fire')
      expect(await queues.receive('work', { max: 10 })).toEqual([])
      expect(await queues.receive('plain', { max: 10 })).toEqual([])
    })

    it('the body arrives as published, not wrapped', async () => {
      const { queues, topics } = subject()
      const body = JSON.stringify({ Type: 'Notification', Message: 'é\u{1f600}"\\', n: 1 })
      await topics.publish('alarms', body)
      expect((await receiveOne(queues, 'audit')).body).toBe(body)
    })

    it('a published message is counted, hidden, shown again and deleted like a sent one', async () => {
      const { queues, topics } = subject()
      await topics.publish('news', 'x')
      const first = await receiveOne(queues, 'work')
      expect(first.receiveCount).toBe(1)
      await queues.changeVisibility('work', first.receiptHandle, 0)
      const second = await receiveOne(queues, 'work')
      expect(second.receiveCount).toBe(2)
      await queues.delete('work', second.receiptHandle)
      expect(await queues.receive('work', { max: 10 })).toEqual([])
    })

    it('a published message dies in the queue that cannot handle it, and only there', async () => {
      const { queues, topics } = subject()
      await topics.publish('news', 'poison')
      for (let receive = 0; receive < 3; receive += 1) {
        const { receiptHandle } = await receiveOne(queues, 'work')
        await queues.changeVisibility('work', receiptHandle, 0)
      }
      expect(await receiveCount(queues, 'work', 1)).toEqual([])
      expect((await receiveOne(queues, 'work-dlq')).body).toBe('poison')
      expect((await receiveOne(queues, 'audit')).receiveCount).toBe(1)
    })

    it('a queue of two topics gets the messages of both', async () => {
      const { queues, topics } = subject()
      await topics.publish('news', 'n')
      await topics.publish('alarms', 'a')
      expect(bodies(await receiveCount(queues, 'audit', 2))).toEqual(['a', 'n'])
    })

    it('30 concurrent publishes all arrive everywhere', async () => {
      const { queues, topics } = subject()
      const sent = Array.from({ length: 30 }, (_, at) => `body ${100 + at}`)
      await Promise.all(sent.map((body) => topics.publish('news', body)))
      expect(bodies(await receiveCount(queues, 'audit', 30))).toEqual(sent)
      expect(bodies(await receiveCount(queues, 'work', 30))).toEqual(sent)
    })

    it('the largest body is taken, one byte more reaches no queue', async () => {
      const { queues, topics } = subject()
      await topics.publish('alarms', 'x'.repeat(262_144))
      expect((await receiveOne(queues, 'audit')).body).toHaveLength(262_144)
      await expectFailure(topics.publish('alarms', 'x'.repeat(262_145)), 'queue.body_too_large')
      expect(await queues.receive('audit', { max: 10 })).toEqual([])
    })

    it('an empty body is refused', async () => {
      await expectFailure(subject().topics.publish('news', ''), 'queue.bad_request')
    })

    it('an unknown topic is named as such, a queue name is none', async () => {
      await expectFailure(subject().topics.publish('nowhere', 'x'), 'queue.unknown_topic')
      await expectFailure(subject().topics.publish('work', 'x'), 'queue.unknown_topic')
    })
  })
}
