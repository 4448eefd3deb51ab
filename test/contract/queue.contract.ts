import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectFailure } from './contract-case.ts'
import {
  bodies,
  DEFINITIONS,
  type MakeQueueSubject,
  type QueueSubject,
  receiveCount,
  receiveOne,
} from './queue-subject.ts'
import { describeVisibility } from './queue-visibility.contract.ts'
import { describeTopics } from './topics.contract.ts'

const BODY_BYTES_MAX = 262_144

/** The Queues and Topics ports' promises; each case has queues of its own. */
export function describeQueueContract(name: string, makeSubject: MakeQueueSubject): void {
  describe(`Queues and Topics contract: ${name}`, () => {
    let made: QueueSubject | undefined
    beforeEach(async () => {
      made = await makeSubject(DEFINITIONS)
    })
    afterEach(async () => {
      await made?.close()
      made = undefined
    })
    function subject(): QueueSubject {
      if (made === undefined) throw new Error('the subject was not made')
      return made
    }
    describeSending(subject)
    describeVisibility(subject)
    describeTopics(subject)
  })
}

function describeSending(subject: () => QueueSubject): void {
  describe('sending and receiving', () => {
    it('a sent body is received, with a first receive count and its time', async () => {
      const { queues } = subject()
      await queues.send('plain', 'héllo\n\t{"json": "\u{1f4c5}"}')
      const message = await receiveOne(queues, 'plain')
      expect(message.body).toBe('héllo\n\t{"json": "\u{1f4c5}"}')
      expect(message.receiveCount).toBe(1)
      expect(message.messageId).not.toBe('')
      expect(message.sentAt).toBeGreaterThan(1_600_000_000_000)
    })

    it('an empty queue gives an empty list', async () => {
      expect(await subject().queues.receive('plain', { max: 10 })).toEqual([])
    })

    it('25 bodies all come, each once while none is released', async () => {
      const { queues } = subject()
      const sent = Array.from({ length: 25 }, (_, at) => `body ${100 + at}`)
      await Promise.all(sent.map((body) => queues.send('plain', body)))
      expect(bodies(await receiveCount(queues, 'plain', 25))).toEqual(sent)
      expect(await queues.receive('plain', { max: 10 })).toEqual([])
    })

    it('a receive gives at most `max`', async () => {
      const { queues } = subject()
      for (const body of ['a', 'b', 'c']) await queues.send('plain', body)
      expect((await queues.receive('plain', { max: 2 })).length).toBeLessThanOrEqual(2)
    })

    it('equal bodies are two messages with different ids', async () => {
      const { queues } = subject()
      await queues.send('plain', 'same')
      await queues.send('plain', 'same')
      const [first, second] = await receiveCount(queues, 'plain', 2)
      expect(first?.messageId).not.toBe(second?.messageId)
    })

    it('queues do not mix', async () => {
      const { queues } = subject()
      await queues.send('plain', 'for plain')
      expect(await queues.receive('work', { max: 10 })).toEqual([])
      expect(bodies(await receiveCount(queues, 'plain', 1))).toEqual(['for plain'])
    })

    it('a delayed message comes after its delay and not before', async () => {
      const { queues, passTime } = subject()
      await queues.send('plain', 'later', { delaySeconds: 2 })
      expect(await queues.receive('plain', { max: 10 })).toEqual([])
      await passTime(2.2)
      expect((await receiveOne(queues, 'plain')).body).toBe('later')
    })

    it('depth tells waiting, received and delayed apart', async () => {
      const { queues } = subject()
      for (const body of ['a', 'b', 'c']) await queues.send('plain', body)
      await queues.send('plain', 'd', { delaySeconds: 900 })
      await receiveOne(queues, 'plain')
      expect(await queues.depth('plain')).toEqual({ visible: 2, inFlight: 1, delayed: 1 })
    })

    it('the largest body is taken, one byte more is not', async () => {
      const { queues } = subject()
      await queues.send('plain', 'é'.repeat(BODY_BYTES_MAX / 2))
      expect((await receiveOne(queues, 'plain')).body).toHaveLength(BODY_BYTES_MAX / 2)
      await expectFailure(queues.send('plain', `${'é'.repeat(BODY_BYTES_MAX / 2)}x`), 'queue.body_too_large')
    })

    for (const [what, body] of Object.entries({
      'an empty body': '',
      'a NUL': 'a\u0000b',
      'an escape': 'a\u001bb',
      'a lone surrogate': 'a\ud800b',
      'a non-character': 'a\uffffb',
    }))
      it(`${what} is refused`, async () => {
        await expectFailure(subject().queues.send('plain', body), 'queue.bad_request')
        await expectFailure(subject().topics.publish('news', body), 'queue.bad_request')
      })

    it('requests out of range are refused', async () => {
      const { queues } = subject()
      await expectFailure(queues.send('plain', 'x', { delaySeconds: 901 }), 'queue.bad_request')
      await expectFailure(queues.send('plain', 'x', { delaySeconds: -1 }), 'queue.bad_request')
      for (const max of [0, 11, 1.5]) await expectFailure(queues.receive('plain', { max }), 'queue.bad_request')
      for (const visibilitySeconds of [-1, 43_201])
        await expectFailure(queues.receive('plain', { max: 1, visibilitySeconds }), 'queue.bad_request')
    })

    it('an unknown queue is named as such by every call', async () => {
      const { queues } = subject()
      await expectFailure(queues.send('nowhere', 'x'), 'queue.unknown_queue')
      await expectFailure(queues.receive('nowhere', { max: 1 }), 'queue.unknown_queue')
      await expectFailure(queues.delete('nowhere', '1.abcdefghijklmnop'), 'queue.unknown_queue')
      await expectFailure(queues.changeVisibility('nowhere', '1.abcdefghijklmnop', 1), 'queue.unknown_queue')
      await expectFailure(queues.depth('nowhere'), 'queue.unknown_queue')
    })
  })
}
