import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { PipelineName } from '#tenant-stack/manifest.ts'
import type { FaultPlan } from '../platform/faults.ts'
import { createMemoryPlatform, type MemoryPlatform } from '../platform/memory-platform.ts'
import { queueDefinitions } from './test-tenant.ts'
import { createWorker, pump, settle, type Worker } from './worker.ts'

/** What acts have found out for those after them. */
export type Scene = { readonly platform: MemoryPlatform; readonly known: Map<string, string> }

/** One thing the world outside does; what fails is asked for again, as a sender or a client would. */
export type Act = (ctx: Ctx, scene: Scene) => Promise<void>

/**
 * Plays the acts with a worker that fails as planned, and lets everything come to rest after each. When it has died, another takes
 * over; with a twin, every message is handled by two at once. Close the platform afterwards.
 */
export async function playStory(options: {
  readonly reader: MailReader
  readonly acts: readonly Act[]
  readonly plan?: FaultPlan
  /** The twin's calls are held up in an order of this seed. */
  readonly twinSeed?: number
  readonly licenceKeys?: Readonly<Record<string, string>>
}): Promise<Scene & { readonly worker: Worker; readonly handled: ReadonlySet<PipelineName> }> {
  const { reader, plan, twinSeed, licenceKeys } = options
  const licensed = licenceKeys === undefined ? {} : { licenceKeys }
  const platform = await createMemoryPlatform({ queueDefinitions: queueDefinitions() })
  const mortal = await createWorker(platform, reader, {
    workerId: 'mortal',
    ...licensed,
    ...(plan === undefined ? {} : { plan }),
    ...(twinSeed === undefined ? {} : { seed: twinSeed + 1 }),
  })
  const successor = await createWorker(platform, reader, { workerId: 'successor', ...licensed })
  const twin =
    twinSeed === undefined
      ? undefined
      : await createWorker(platform, reader, { workerId: 'twin', seed: twinSeed, ...licensed })
  const scene: Scene = { platform, known: new Map() }
  const working = () => (mortal.isCrashed() ? successor : mortal)
  for (const act of options.acts) {
    await twice(() => act(working().ctx, scene))
    if (!mortal.isCrashed()) await twice(() => pump(working(), twin))
    await twice(() => settle(platform, working()))
  }
  return { ...scene, worker: successor, handled: new Set([...mortal.handled, ...successor.handled]) }
}

/** One fault is planned, so the second try at the latest goes well. */
async function twice(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch {
    await act()
  }
}
