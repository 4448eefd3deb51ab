import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import type { QueueMessage } from '#shared/platform/queue.ts'
import type { Audience, Ctx } from '#tenant-stack/core/context.ts'
import { UNFINISHED_SHARDS } from '#tenant-stack/core/unfinished.ts'
import { type PipelineName, pipelineNames, queueNameOf } from '#tenant-stack/manifest.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import type { Ports } from '../platform/around-ports.ts'
import { withDelays } from '../platform/delays.ts'
import { type FaultPlan, type PortCall, withFaults } from '../platform/faults.ts'
import type { MemoryPlatform } from '../platform/memory-platform.ts'
import { publishingOnly } from './publishing-only.ts'
import { believed, believedOf, createTestTenant } from './test-tenant.ts'

/** Who hands a mail over: `helo-stranger` is one whose mail proves nothing. */
export const STRANGER_HELO = 'helo-stranger'

/** A process that works on the tenant's queues, and dies when its plan says so. */
export type Worker = { readonly ctx: Ctx; readonly ports: Ports; readonly isCrashed: () => boolean }

/** The calls that leave something behind; only between them can a crash make a difference. */
const EFFECTS: ReadonlySet<string> = new Set([
  'table.write',
  'table.transact',
  'table.putMany',
  'topics.publish',
  'blobs.put',
  'blobs.delete',
  'mailer.send',
  'queues.delete',
])

export function isEffect(port: PortCall['port'], verb: string): boolean {
  return EFFECTS.has(`${port}.${verb}`)
}

/** The plan that does `fault` at the nth effect, and tells what each effect was. */
export function atEffect(nth: number, fault: ReturnType<FaultPlan>, seen: string[] = []): FaultPlan {
  return ({ port, verb }: PortCall) => {
    if (!isEffect(port, verb)) return 'none'
    seen.push(`${port}.${verb}`)
    return seen.length === nth ? fault : 'none'
  }
}

export async function createWorker(
  platform: MemoryPlatform,
  reader: MailReader,
  options: {
    readonly workerId: string
    readonly plan?: FaultPlan
    /** Holds up its calls in an order of this seed. */
    readonly seed?: number
    readonly audience?: Audience
    /** Of a tenant that asks for a licence. */
    readonly licenceKeys?: Readonly<Record<string, string>>
  },
): Promise<Worker> {
  const plain: Ports = platform
  const delayed = options.seed === undefined ? plain : withDelays(plain, options.seed)
  const ports = withFaults(delayed, options.plan ?? (() => 'none'))
  const { ctx } = await createTestTenant({
    platform,
    reader,
    ...(options.audience === undefined ? {} : { audience: options.audience }),
    ...(options.licenceKeys === undefined ? {} : { licenceKeys: options.licenceKeys }),
    adjust: (before) => ({
      ...before,
      table: ports.table,
      topics: ports.topics,
      blobs: ports.blobs,
      mailer: ports.mailer,
      workerId: options.workerId,
      authenticate: async (raw, origin) => {
        if (origin?.helo === STRANGER_HELO || origin === undefined)
          return {
            ...believed,
            spf: 'FAIL',
            dkim: 'FAIL',
            dmarc: 'FAIL',
            dkimDomains: [],
            envelopeFrom: 'x@example.org',
          }
        return { ...believedOf(raw), envelopeFrom: origin.envelopeFrom }
      },
    }),
  })
  return { ctx, ports, isCrashed: ports.isCrashed }
}

/** Empties every queue; stops when the worker has died. A twin, when given, handles each message beside it. */
export async function pump(worker: Worker, twin?: Worker): Promise<void> {
  for (let isIdle = false; !isIdle && !worker.isCrashed(); ) {
    isIdle = true
    for (const name of pipelineNames()) {
      if (worker.isCrashed()) return
      for (const message of await worker.ports.queues.receive(queueNameOf(name), { max: 10 })) {
        isIdle = false
        await Promise.all([handle(worker, name, message), twin && handle(twin, name, message)])
      }
    }
  }
}

/** Handles one message as a runtime does: deleted when done, else given again at once. True when it was done. */
export async function handle(
  { ctx, ports, isCrashed }: Worker,
  name: PipelineName,
  message: QueueMessage,
): Promise<boolean> {
  try {
    await pipelineHandlers[name](publishingOnly(ctx, name), message.body)
    await ports.queues.delete(queueNameOf(name), message.receiptHandle)
    return true
  } catch (error) {
    if (isCrashed() || !(error instanceof Error)) return false
    await nextTurn()
    await ports.queues.changeVisibility(queueNameOf(name), message.receiptHandle, 0).catch(() => undefined)
    return false
  }
}

/** Whether nothing waits in a queue and no row is marked unfinished. */
export async function isAtRest({ ctx, ports }: Worker): Promise<boolean> {
  for (const name of pipelineNames()) {
    const { visible, inFlight, delayed } = await ports.queues.depth(queueNameOf(name))
    if (visible + inFlight + delayed > 0) return false
  }
  for (let shard = 0; shard < UNFINISHED_SHARDS; shard += 1)
    if ((await ctx.table.query({ index: 'gsi2', pk: `unfinished#${shard}`, limit: 1 })).items.length > 0) return false
  return true
}

/** Lets time pass, sweeps, and works until nothing is left to do. */
export async function settle(platform: MemoryPlatform, worker: Worker): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    await pump(worker)
    if (await isAtRest(worker)) return
    platform.clock.advance(730)
    await sweepHandlers.unfinished(worker.ctx)
    await sweepHandlers.inbound(worker.ctx)
  }
  throw new Error('it does not come to rest')
}

/** Messages that were given up on. */
export async function deadLetters({ ports }: Worker): Promise<number> {
  let dead = 0
  for (const name of pipelineNames()) dead += (await ports.queues.depth(`${queueNameOf(name)}-dlq`)).visible
  return dead
}
