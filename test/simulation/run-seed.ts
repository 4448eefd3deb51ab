import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { settle, type Worker } from '../harness/tenant/worker.ts'
import { drawActs, type SimulatedAct } from './acts.ts'
import { noteFirst } from './diary.ts'
import { judge, type Verdict } from './judge.ts'
import { storm } from './storm.ts'
import { openWorld, type Planted, type Rooms, type World } from './world.ts'

export type SeedResult = Verdict & {
  readonly seed: number
  readonly mails: number
  readonly steps: number
  readonly trace: readonly string[]
}

const ACTS_MIN = 5
const ACTS_DRAWN = 6
/** What the storm has left undone is asked for so often at most, with time to settle after each. */
const CALM_ROUNDS = 12

/**
 * One run of a whole tenant: what the seed draws happens outside while handlers run at once, messages come twice and out of order, calls
 * fail, conflict and stay ambiguous, processes die, and time jumps. Then the faults stop, and what everybody has is judged.
 */
export async function runSeed(seed: number, rooms: Rooms, planted: Planted = {}): Promise<SeedResult> {
  const world = await openWorld(seed, rooms, planted)
  const { random, diary, service, trace } = world
  try {
    const left = await storm(world, drawActs(random, diary, service.mails, ACTS_MIN + random.below(ACTS_DRAWN)))
    const calm = await world.calm()
    const problem = await calmDown(world, calm, left)
    // Told in the calm, a bounce has silenced its address as well.
    for (const address of service.bounced()) noteFirst(diary.silentSince, address, Number.POSITIVE_INFINITY)
    const verdict = await judge(diary, service.mails, calm)
    const stuck = problem === undefined ? verdict.stuck : [...verdict.stuck, problem]
    return { ...verdict, stuck, seed, mails: service.mails.length, steps: diary.step, trace }
  } finally {
    await world.close()
  }
}

/** Without faults everything that was asked for is done, the feed catches up, and all work comes to rest; else: what does not. */
async function calmDown(world: World, calm: Worker, acts: readonly SimulatedAct[]): Promise<string | undefined> {
  const { diary, service, platform, planted } = world
  const comeToRest = async (told: 'all' | 'late') => {
    await service.tell(told)
    if (planted.isWithoutSweeps !== true) await settle(platform, calm)
  }
  let left = acts
  try {
    for (let round = 0; round < CALM_ROUNDS; round += 1) {
      await comeToRest('all')
      if (left.length === 0) break
      const undone: SimulatedAct[] = []
      diary.step += 1
      for (const one of left) if ((await one.act(calm.ctx)) === 'later') undone.push(one)
      left = undone
    }
    await comeToRest('late')
    await sweepHandlers.queues(calm.ctx)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const undone = left.filter(({ mayEnd }) => mayEnd?.() !== true)
  return undone.length === 0 ? undefined : `still asked for: ${undone.map(({ name }) => name).join(', ')}`
}
