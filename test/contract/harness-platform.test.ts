import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withDelays } from '#test/harness/platform/delays.ts'
import { faultAt, faultAtVerb, withFaults } from '#test/harness/platform/faults.ts'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { seededQueueFaults } from '#test/harness/platform/queue-faults.ts'
import { createSeededRandom } from '#test/harness/platform/seeded-random.ts'
import { expectFailure } from './contract-case.ts'
import { DEFINITIONS } from './queue-subject.ts'

let platform: MemoryPlatform

beforeEach(async () => {
  platform = await createMemoryPlatform({ queueDefinitions: DEFINITIONS })
})
afterEach(() => platform.close())

const key = { pk: 'p', sk: 's' }
const put = { kind: 'put', item: key } as const
const mail = {
  sendId: 'snd_1',
  envelopeFrom: null,
  envelopeTo: 'a@example.org',
  raw: Buffer.from('x\r\n'),
} as const

describe('faults', () => {
  it('before: nothing happened', async () => {
    const ports = withFaults(platform, faultAt(1, 'before'))
    await expectFailure(ports.table.write(put), 'table.unavailable')
    expect(await platform.table.get(key)).toBeUndefined()
    await ports.table.write(put)
    expect(await platform.table.get(key)).toEqual(key)
  })

  it('after: it happened and failed', async () => {
    const ports = withFaults(platform, faultAt(1, 'after'))
    await expectFailure(ports.table.write(put), 'table.unavailable')
    expect(await platform.table.get(key)).toEqual(key)
  })

  it('a send that failed before is throttled and not there, one that failed after is ambiguous and there', async () => {
    const before = withFaults(platform, faultAtVerb('mailer', 'send', 1, 'before'))
    await expectFailure(before.mailer.send(mail), 'mailer.throttled')
    expect(await platform.outbox.count()).toBe(0)
    const after = withFaults(platform, faultAtVerb('mailer', 'send', 1, 'after'))
    await after.table.get(key)
    await expectFailure(after.mailer.send(mail), 'mailer.ambiguous')
    expect(await platform.outbox.count()).toBe(1)
  })

  for (const fault of ['crash_before', 'crash_after'] as const)
    it(`${fault}: everything fails from then on`, async () => {
      const ports = withFaults(platform, faultAt(2, fault))
      await ports.table.get(key)
      await expect(ports.queues.send('plain', 'x')).rejects.toThrow('dead')
      await expect(ports.table.get(key)).rejects.toThrow('dead')
      expect(ports.isCrashed()).toBe(true)
      expect((await platform.queues.depth('plain')).visible).toBe(fault === 'crash_after' ? 1 : 0)
      expect(ports.calls.map(({ port, verb }) => `${port}.${verb}`)).toEqual(['table.get', 'queues.send'])
    })

  it('a call under way when the process crashes is never answered', async () => {
    const ports = withFaults(platform, faultAt(2, 'crash_before'))
    const [first, second] = await Promise.allSettled([ports.table.write(put), ports.table.get(key)])
    expect([first.status, second.status]).toEqual(['rejected', 'rejected'])
  })
})

describe('delays and queue faults', () => {
  async function racedOrder(seed: number): Promise<string> {
    const { queues } = withDelays(platform, seed)
    const order: number[] = []
    const numbers = Array.from({ length: 8 }, (_, at) => at)
    await Promise.all(numbers.map((at) => queues.depth('plain').then(() => order.push(at))))
    return order.join('')
  }

  it('orders differ by seed and are complete', async () => {
    const orders = await Promise.all([1, 2, 3, 4, 5].map(racedOrder))
    expect(new Set(orders).size).toBeGreaterThan(1)
    for (const order of orders) expect(new Set(order)).toEqual(new Set('01234567'))
  })

  it('a faulty queue reorders and delivers some twice, loses none, and replays by seed', async () => {
    async function run(): Promise<readonly string[]> {
      const faulty = await createMemoryPlatform({
        queueDefinitions: DEFINITIONS,
        queueFaults: seededQueueFaults(7, 0.3),
      })
      for (let at = 0; at < 40; at += 1) await faulty.queues.send('plain', `body ${10 + at}`)
      const received: string[] = []
      for (let look = 0; look < 20; look += 1)
        for (const message of await faulty.queues.receive('plain', { max: 10 })) {
          received.push(message.body)
          await faulty.queues.delete('plain', message.receiptHandle)
        }
      await faulty.close()
      return received
    }
    const received = await run()
    const sent = Array.from({ length: 40 }, (_, at) => `body ${10 + at}`)
    expect(new Set(received)).toEqual(new Set(sent))
    expect(received.length).toBeGreaterThan(44)
    expect(received.length).toBeLessThan(80)
    expect(received.slice(0, 40)).not.toEqual(sent)
    expect(await run()).toEqual(received)
  })

  it('seeded numbers spread evenly', () => {
    const random = createSeededRandom(1)
    const counts = [0, 0, 0, 0]
    for (let draw = 0; draw < 4000; draw += 1) {
      const at = random.below(4)
      counts[at] = (counts[at] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
    expect(random.shuffle([1, 2, 3]).toSorted((a, b) => a - b)).toEqual([1, 2, 3])
  })
})
