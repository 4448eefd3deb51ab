import type { Cloud } from '#control-plane/cloud/cloud.ts'
import {
  createSimulatedCloud,
  type SimulatedCloudInput,
  type SimulatedWorld,
} from '#control-plane/cloud/simulated/simulated-cloud.ts'
import type { SimulatedMail } from '#control-plane/cloud/simulated/simulation.ts'
import type { TemplateFacts } from '#control-plane/cloud/simulated/template-facts.ts'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { createMemoryHosts, type MemoryHosts } from './memory-hosts.ts'
import { createWorldRecords, type WorldRecords } from './world-records.ts'

export type TestCloud = {
  readonly cloud: Cloud
  readonly world: SimulatedWorld
  /** Mails that SES brought to its own servers. */
  readonly mails: readonly SimulatedMail[]
  readonly records: WorldRecords
  readonly hosts: MemoryHosts
  readonly platform: MemoryPlatform
  /** Publishes a template under a URL; the same URL again is another version of it. */
  readonly publish: (templateUrl: string, facts: TemplateFacts) => void
  readonly close: () => Promise<void>
}

type Options = Pick<SimulatedCloudInput, 'seconds' | 'limits'> & {
  readonly platform?: MemoryPlatform
  /** Instead of the records that the test puts, such as a real DNS server's. */
  readonly sees?: SimulatedCloudInput['sees']
}

/** The simulated cloud in memory, on a clock of the test's own; its rows lie apart from the control plane's. */
export async function createTestCloud(options: Options = {}): Promise<TestCloud> {
  const { seconds = {}, limits = {} } = options
  const platform = options.platform ?? (await createMemoryPlatform())
  const records = createWorldRecords()
  const drawers: MemoryPlatform[] = []
  const hosts = createMemoryHosts(async () => {
    const drawer = await createMemoryPlatform()
    drawers.push(drawer)
    return drawer.blobs
  })
  const mails: SimulatedMail[] = []
  const templates = new Map<string, TemplateFacts>()
  const { cloud, world } = createSimulatedCloud({
    table: platform.tableOf('cloud'),
    clock: platform.clock,
    ids: platform.ids,
    stackHost: hosts.stackHost,
    dataHost: hosts.dataHost,
    templates: { read: async (templateUrl) => templates.get(templateUrl) },
    sees: options.sees ?? records.sees,
    deliver: async (mail) => void mails.push(mail),
    licenceKeys: {},
    seconds,
    limits,
  })
  return {
    cloud,
    world,
    mails,
    records,
    hosts,
    platform,
    publish: (templateUrl, facts) => void templates.set(templateUrl, facts),
    async close() {
      for (const drawer of drawers) await drawer.close()
      if (options.platform === undefined) await platform.close()
    },
  }
}
