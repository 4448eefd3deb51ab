import { createHash } from 'node:crypto'
import type { Actor, Scope } from '#control-plane/core/actor.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { controlQueueNames, controlQueues, type QueueName } from '#control-plane/manifest.ts'
import { createMemoryPlatform, type MemoryPlatform, type MemoryPlatformOptions } from '../platform/memory-platform.ts'
import { createSeededRandom } from '../platform/seeded-random.ts'

export type ControlPlaneInMemory = {
  readonly platform: MemoryPlatform
  /** As the vendor's admin unless said otherwise. */
  ctxOf(who?: { readonly actor?: Actor; readonly scope?: Scope }): Ctx
  /** Bodies that wait in a queue now; they are taken out of it. */
  takeAll(queueName: QueueName): Promise<readonly unknown[]>
}

const everything: Scope = { kind: 'all' }

export const vendorAdmin: Actor = { type: 'vendor', id: 'usr_vendor', role: 'vendor_admin' }

/** The control plane's core on a database in memory. */
export async function controlPlaneInMemory(options: MemoryPlatformOptions = {}): Promise<ControlPlaneInMemory> {
  const platform = await createMemoryPlatform({
    tenantId: 'control',
    queueDefinitions: controlQueueNames().map((queueName) => ({
      queueName,
      topicNames: [],
      ...controlQueues[queueName],
    })),
    ...options,
  })
  const random = createSeededRandom(1)
  const base = {
    table: platform.table,
    queues: platform.queues,
    mailer: platform.mailer,
    clock: platform.clock,
    ids: platform.ids,
    sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
    random: random.next,
    log: platform.log,
    workerId: 'worker-1',
    settings: { publicUrl: 'http://localhost:8026', mailFrom: 'convoke@example.com', vendorName: 'Convoke' },
  }
  return {
    platform,
    ctxOf: ({ actor = vendorAdmin, scope = everything } = {}) => ({ ...base, actor, scope }),
    async takeAll(queueName) {
      const bodies: unknown[] = []
      for (;;) {
        const messages = await platform.queues.receive(queueName, { max: 10 })
        if (messages.length === 0) return bodies
        for (const { body, receiptHandle } of messages) {
          bodies.push(JSON.parse(body))
          await platform.queues.delete(queueName, receiptHandle)
        }
      }
    },
  }
}
