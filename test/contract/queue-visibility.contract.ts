import { describe, expect, it } from 'vitest'
import { expectFailure } from './contract-case.ts'
import { type QueueSubject, receiveCount, receiveOne } from './queue-subject.ts'

export function describeVisibility(subject: () => QueueSubject): void {
  describe('visibility', () => {
    it('a received message is hidden, then comes again with the same id, another receipt and a higher count', async () => {
      const { queues, passTime } = subject()
      await queues.send('work', 'x')
      const first = await receiveOne(queues, 'work', 2)
      expect(await queues.receive('work', { max: 10 })).toEqual([])
      await passTime(2.2)
      const second = await receiveOne(queues, 'work')
      expect(second).toMatchObject({ messageId: first.messageId, body: 'x', receiveCount: 2, sentAt: first.sentAt })
      expect(second.receiptHandle).not.toBe(first.receiptHandle)
    })

    it("without its own, a receive uses the queue's visibility", async () => {
      const { queues, passTime } = subject()
      await queues.send('work', 'x')
      expect(await queues.receive('work', { max: 1 })).toHaveLength(1)
      expect(await queues.receive('work', { max: 1 })).toEqual([])
      await passTime(2.2)
      expect((await receiveOne(queues, 'work')).receiveCount).toBe(2)
    })

    it('a deleted message never comes again, and deleting it again succeeds', async () => {
      const { queues, passTime } = subject()
      await queues.send('work', 'x')
      const { receiptHandle } = await receiveOne(queues, 'work', 1)
      await queues.delete('work', receiptHandle)
      await queues.delete('work', receiptHandle)
      await passTime(1.2)
      expect(await queues.receive('work', { max: 10 })).toEqual([])
      expect(await queues.depth('work')).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
    })

    it('deleting after the visibility ended deletes, when nobody else received it', async () => {
      const { queues, passTime } = subject()
      await queues.send('work', 'x')
      const { receiptHandle } = await receiveOne(queues, 'work', 1)
      await passTime(1.2)
      await queues.delete('work', receiptHandle)
      expect(await queues.receive('work', { max: 10 })).toEqual([])
    })

    it("an older receipt cannot change the newer holder's message", async () => {
      const { queues, passTime } = subject()
      await queues.send('work', 'x')
      const older = await receiveOne(queues, 'work', 1)
      await passTime(1.2)
      const newer = await receiveOne(queues, 'work', 60)
      await expectFailure(queues.changeVisibility('work', older.receiptHandle, 0), 'queue.stale_receipt')
      expect(await queues.receive('work', { max: 10 })).toEqual([])
      await queues.delete('work', newer.receiptHandle)
      expect(await queues.depth('work')).toMatchObject({ visible: 0, inFlight: 0 })
    })

    it('visibility can be prolonged', async () => {
      const { queues, passTime } = subject()
      await queues.send('work', 'x')
      const { receiptHandle } = await receiveOne(queues, 'work', 2)
      await queues.changeVisibility('work', receiptHandle, 60)
      await passTime(2.2)
      expect(await queues.receive('work', { max: 10 })).toEqual([])
      await queues.delete('work', receiptHandle)
    })

    it('visibility 0 gives the message back at once', async () => {
      const { queues } = subject()
      await queues.send('work', 'x')
      const { receiptHandle } = await receiveOne(queues, 'work')
      await queues.changeVisibility('work', receiptHandle, 0)
      expect((await receiveOne(queues, 'work')).receiveCount).toBe(2)
    })

    it('a message not in flight has no visibility to change', async () => {
      const { queues, passTime } = subject()
      await queues.send('work', 'x')
      const { receiptHandle } = await receiveOne(queues, 'work', 1)
      await passTime(1.2)
      await expectFailure(queues.changeVisibility('work', receiptHandle, 30), 'queue.stale_receipt')
      const again = await receiveOne(queues, 'work')
      await queues.delete('work', again.receiptHandle)
      await expectFailure(queues.changeVisibility('work', again.receiptHandle, 30), 'queue.stale_receipt')
    })

    it('a visibility out of range and a malformed receipt are refused', async () => {
      const { queues } = subject()
      await queues.send('work', 'x')
      const { receiptHandle } = await receiveOne(queues, 'work')
      for (const seconds of [-1, 43_201, 1.5])
        await expectFailure(queues.changeVisibility('work', receiptHandle, seconds), 'queue.bad_request')
      await expectFailure(queues.changeVisibility('work', 'nonsense', 1), 'queue.stale_receipt')
      await expectFailure(queues.delete('work', 'nonsense'), 'queue.stale_receipt')
    })

    it('12 hours count from the receive', async () => {
      const { queues, passTime } = subject()
      await queues.send('work', 'x')
      const { receiptHandle } = await receiveOne(queues, 'work', 60)
      await passTime(2)
      await expectFailure(queues.changeVisibility('work', receiptHandle, 43_200), 'queue.bad_request')
      await queues.changeVisibility('work', receiptHandle, 43_100)
    })
  })

  describe('dead letters', () => {
    it('a message received maxReceives times without delete moves to the dead-letter queue with its id', async () => {
      const { queues } = subject()
      await queues.send('plain', 'poison')
      const first = await receiveOne(queues, 'plain')
      await queues.changeVisibility('plain', first.receiptHandle, 0)
      const second = await receiveOne(queues, 'plain')
      expect(second.receiveCount).toBe(2)
      await queues.changeVisibility('plain', second.receiptHandle, 0)
      expect(await receiveCount(queues, 'plain', 1)).toEqual([])
      const dead = await receiveOne(queues, 'plain-dlq')
      expect(dead).toMatchObject({ messageId: first.messageId, body: 'poison' })
      await queues.delete('plain-dlq', dead.receiptHandle)
      expect(await queues.depth('plain-dlq')).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
    })

    it('a poisoned message does not keep the others from coming', async () => {
      const { queues } = subject()
      await queues.send('plain', 'poison')
      for (let receive = 0; receive < 2; receive += 1) {
        const { receiptHandle } = await receiveOne(queues, 'plain')
        await queues.changeVisibility('plain', receiptHandle, 0)
      }
      await queues.send('plain', 'good')
      expect((await receiveOne(queues, 'plain')).body).toBe('good')
    })

    it('a message deleted at its last receive is not dead', async () => {
      const { queues } = subject()
      await queues.send('plain', 'x')
      const first = await receiveOne(queues, 'plain')
      await queues.changeVisibility('plain', first.receiptHandle, 0)
      const last = await receiveOne(queues, 'plain')
      await queues.delete('plain', last.receiptHandle)
      expect(await queues.receive('plain', { max: 10 })).toEqual([])
      expect(await queues.receive('plain-dlq', { max: 10 })).toEqual([])
    })

    it('the dead-letter queue keeps its messages however often they are received', async () => {
      const { queues } = subject()
      await queues.send('plain-dlq', 'x')
      for (let receive = 0; receive < 12; receive += 1) {
        const { receiptHandle } = await receiveOne(queues, 'plain-dlq')
        await queues.changeVisibility('plain-dlq', receiptHandle, 0)
      }
      expect((await receiveOne(queues, 'plain-dlq')).body).toBe('x')
    })
  })
}
