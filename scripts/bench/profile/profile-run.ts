import { performance } from 'node:perf_hooks'
import { createSesMailer } from '#shared/platform/aws/ses-mailer.ts'
import { sesPlaceOf } from '#shared/platform/aws/ses-place.ts'
import { createSesSends } from '#shared/platform/aws/ses-sends.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import type { Table, WriteOperation } from '#shared/platform/table.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { confirmList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { openSendingWorld } from '../sending/sending-world.ts'
import type { Stage, StageTimes } from './stages.ts'

/** A process of its own, told by its environment where SES is; says what the stages took for so many people, in milliseconds. */
const people = Number(process.argv[2])
const clock = stageClock()
const world = await openSendingWorld({
  sendsMax: 4 * people,
  onBatch: (name) => clock.enter(name === 'list' ? 'plan' : 'compose'),
  adjust: (plain) => timed(plain, clock),
})
try {
  // The organizer knows them by then, and the engine is warm.
  await send('warm')
  const { times, sent } = await send('measured')
  if (sent !== people) throw new Error(`${sent} of ${people} mails were sent`)
  process.send?.(Object.fromEntries(times) satisfies StageTimes)
} finally {
  await world.close()
}

async function send(requestName: string) {
  const { eventId, listId } = await world.checkedList(requestName, people)
  await confirmList(world.ctx, listId)
  clock.reset()
  await world.drain()
  const times = clock.read()
  return { times, sent: (await readStatistics(world.ctx, eventId)).mail.sent }
}

type StageClock = ReturnType<typeof stageClock>

/** Gives each moment to the stage that was entered last. */
function stageClock() {
  let times = new Map<Stage, number>()
  let stage: Stage = 'compose'
  let since = performance.now()
  const settle = () => {
    const now = performance.now()
    times.set(stage, (times.get(stage) ?? 0) + now - since)
    since = now
  }
  return {
    enter(next: Stage): Stage {
      settle()
      const before = stage
      stage = next
      return before
    },
    reset(): void {
      settle()
      times = new Map()
    },
    read(): ReadonlyMap<Stage, number> {
      settle()
      return times
    },
  }
}

function timed(plain: Ctx, clock: StageClock): Ctx {
  /** Planning is one stage with all its calls. */
  const within = async <T>(stage: Stage, act: () => Promise<T>): Promise<T> => {
    const before = clock.enter(stage)
    if (before === 'plan') clock.enter('plan')
    try {
      return await act()
    } finally {
      clock.enter(before)
    }
  }
  const { table } = plain
  const mailer = createSesMailer({
    sendEmail: createSesSends({ place: sesPlaceOf(process.env), clock: systemClock }),
    configurationSetName: 'convoke-bench',
    lookup: async () => ({ fate: 'unknown' }),
  })
  const timedTable: Table = {
    ...table,
    get: (key) => within('look', () => table.get(key)),
    getMany: (keys) => within('look', () => table.getMany(keys)),
    query: (query) => within('look', () => table.query(query)),
    write: (operation) => within(stageOf([operation]), () => table.write(operation)),
    transact: (operations) => within(stageOf(operations), () => table.transact(operations)),
  }
  return {
    ...plain,
    table: timedTable,
    mailer: {
      ...mailer,
      send: (mail) => within('hand_over', () => mailer.send(mail)),
    },
  }
}

/** A claim is the update of a ledger that sets a fence; the writes that come after it record. */
function stageOf(operations: readonly WriteOperation[]): Stage {
  return operations.some((operation) => operation.kind === 'update' && operation.set?.fence !== undefined)
    ? 'claim'
    : 'confirm'
}
