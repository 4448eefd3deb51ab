import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import type { SqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { TableFailure } from '#shared/platform/table.ts'
import { aroundPorts, type Ports } from '../harness/platform/around-ports.ts'
import type { Fault, PortCall } from '../harness/platform/faults.ts'
import { createMemoryPlatform, type MemoryPlatform } from '../harness/platform/memory-platform.ts'
import { seededQueueFaults } from '../harness/platform/queue-faults.ts'
import { createSeededRandom, type SeededRandom } from '../harness/platform/seeded-random.ts'
import { queueDefinitions } from '../harness/tenant/test-tenant.ts'
import { createWorker, type Worker } from '../harness/tenant/worker.ts'
import { guests } from './acts.ts'
import { createDiary, type Diary } from './diary.ts'
import { createMailService, type MailService } from './mail-service.ts'
import { createMeeting } from './meeting.ts'
import { createTurns, type Turns } from './turns.ts'

/** A fault that is built in to see that it is found. */
export type Planted = { readonly ports?: (ports: Ports) => Ports; readonly isWithoutSweeps?: boolean }

/** A process of the storm: it dies by a fault, or because time has jumped. */
export type Mortal = Worker & { readonly kill: () => void }

export type World = {
  readonly random: SeededRandom
  readonly platform: MemoryPlatform
  readonly service: MailService
  readonly turns: Turns
  readonly diary: Diary
  readonly planted: Planted
  readonly trace: string[]
  readonly tasks: Set<Promise<void>>
  /** A process on ports that fail now and then, and whose every call waits for its turn. */
  readonly born: () => Promise<Mortal>
  /** A process that nothing happens to. */
  readonly calm: () => Promise<Worker>
  readonly close: () => Promise<void>
}

/** Shares of calls, in 10,000. A send ends ambiguously oftener than anything else does. */
const CRASHES = 40
const FAILS_BEFORE = 60
const FAILS_AFTER = 60
const CONFLICTS = 150
const SEND_FAILS_AFTER = 400
const SEND_FAILS_BEFORE = 300

/** What runs share that leave nothing behind in it. */
export type Rooms = { readonly reader: MailReader; readonly store: SqliteStore }

export async function openWorld(seed: number, { reader, store }: Rooms, planted: Planted): Promise<World> {
  const random = createSeededRandom(seed)
  const platform = await createMemoryPlatform({
    queueDefinitions: queueDefinitions(),
    queueFaults: seededQueueFaults(seed + 1, 0.1),
    isWithoutFiles: true,
    store,
  })
  const meetings = ['ana.diaz@example.com', 'omar.haddad@example.com']
    .slice(0, 1 + random.below(2))
    .map((organizer, nth) => createMeeting(nth, organizer, random.below(2) === 0))
  const diary = createDiary(meetings)
  const service = createMailService(platform, random, (address) => !guests.includes(address))
  const turns = createTurns(random)
  const trace: string[] = []
  const plain: Ports = { ...platform, mailer: service.mailer }
  const ports = planted.ports?.(plain) ?? plain
  let born = 0

  function plan(call: PortCall): Fault {
    const fault = draw(random, call)
    if (fault !== 'none') trace.push(`${diary.step} ${fault} at ${call.port}.${call.verb}`)
    if (fault.startsWith('crash') || (fault === 'after' && call.verb === 'send')) diary.ambiguous += 1
    return fault
  }

  return {
    random,
    platform,
    service,
    turns,
    diary,
    planted,
    trace,
    tasks: new Set(),
    async born() {
      born += 1
      let isKilled = false
      const gated = turns.gate(withConflicts(ports, random), () => isKilled)
      const options = { workerId: `w${born}`, plan, audience: 'everyone' } as const
      const worker = await createWorker({ ...platform, ...gated }, reader, options)
      const isCrashed = () => isKilled || worker.isCrashed()
      const kill = () => {
        isKilled = true
      }
      return { ...worker, isCrashed, kill }
    },
    calm: () => createWorker({ ...platform, ...ports }, reader, { workerId: 'calm', audience: 'everyone' }),
    close: () => platform.close(),
  }
}

function draw(random: SeededRandom, { port, verb }: PortCall): Fault {
  const drawn = random.below(10_000)
  const isSend = port === 'mailer' && verb === 'send'
  const before = CRASHES + (isSend ? SEND_FAILS_BEFORE : FAILS_BEFORE)
  if (drawn < CRASHES) return drawn % 2 === 0 ? 'crash_before' : 'crash_after'
  if (drawn < before) return 'before'
  return drawn < before + (isSend ? SEND_FAILS_AFTER : FAILS_AFTER) ? 'after' : 'none'
}

/** DynamoDB refuses a transaction whose rows another one holds, though nothing is wrong with it. */
function withConflicts(ports: Ports, random: SeededRandom): Ports {
  return aroundPorts(ports, async (port, verb, act) => {
    if (port === 'table' && verb === 'transact' && random.below(10_000) < CONFLICTS)
      throw TableFailure.conflict('injected conflict')
    return act()
  })
}
