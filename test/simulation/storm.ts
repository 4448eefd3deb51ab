import { type PipelineName, pipelineNames, queueNameOf } from '#tenant-stack/manifest.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { handle } from '../harness/tenant/worker.ts'
import type { SimulatedAct } from './acts.ts'
import { noteFirst } from './diary.ts'
import { workSince } from './mail-service.ts'
import type { Mortal, World } from './world.ts'

/** Handlers, sweeps and requests that go on at the same time. */
const TASKS_MAX = 4
const STEPS_MAX = 2500
/** Of so many turns in 100 one goes to who waits already, the others to something new. */
const GOES_ON = 85

type Storm = World & { readonly left: SimulatedAct[]; mortal: Mortal }

/** Plays what happens outside into a tenant that is failing; gives back what was not taken in. */
export async function storm(world: World, acts: readonly SimulatedAct[]): Promise<readonly SimulatedAct[]> {
  const { random, turns, diary, tasks, platform } = world
  const now: Storm = { ...world, left: [...acts], mortal: await world.born() }
  let after = 20 + random.below(80)
  for (; diary.step < STEPS_MAX && after > 0; diary.step += 1) {
    if (now.left.length === 0) after -= 1
    platform.clock.advance(0.01)
    if (now.mortal.isCrashed()) now.mortal = await world.born()
    const isFull = tasks.size >= TASKS_MAX
    if (isFull || (turns.waiting() > 0 && random.below(100) < GOES_ON)) await turns.next()
    else await begin(now)
  }
  await killAll(now)
  return now.left
}

/** Something new begins: most often a message's handler, else what the world does next, a sweep, or a pause. */
async function begin(now: Storm): Promise<void> {
  const kind = now.random.below(20)
  if (kind < 3) startAct(now)
  else if (kind < 18) await startHandler(now)
  else if (kind < 19) startSweep(now)
  else await pause(now)
  await now.turns.rest()
}

function start({ diary, tasks, trace }: Storm, name: string, work: () => Promise<unknown>): void {
  const since = diary.step
  const note = (what: unknown) => void trace.push(`${diary.step} (since ${since}) ${name}: ${String(what)}`)
  const task: Promise<void> = workSince
    .run(since, work)
    .then(note, (error: unknown) => note(error))
    .finally(() => tasks.delete(task))
  tasks.add(task)
}

function startAct(now: Storm): void {
  const next = now.left.shift()
  if (next === undefined) return
  const { ctx } = now.mortal
  start(now, next.name, async () => {
    let result: 'done' | 'later' = 'later'
    try {
      result = await next.act(ctx)
      return result
    } finally {
      // Nobody was told that it was done: it is asked for again, before or after what comes next.
      if (result === 'later') now.left.splice(now.random.below(3), 0, next)
    }
  })
}

async function startHandler(now: Storm): Promise<void> {
  const { platform, random, service, mortal } = now
  await service.tell()
  for (const name of random.shuffle(pipelinesWithWork(platform))) {
    const [message] = await platform.queues.receive(queueNameOf(name), { max: 1 })
    if (message === undefined) continue
    start(now, `${name} ${message.body.slice(0, 90)}`, async () => {
      const isDone = await handle(mortal, name, message)
      if (isDone) acknowledge(now, name, message.body)
      return isDone
    })
    return
  }
}

const DUE_QUEUES = 'SELECT DISTINCT queue_name FROM queue_messages WHERE visible_at <= ?'

/** Looked up at once: most queues are empty most of the time. */
function pipelinesWithWork({ store, clock }: World['platform']): readonly PipelineName[] {
  const due = new Set(
    store
      .prepare(DUE_QUEUES)
      .all(clock.now())
      .map((row) => row.queue_name),
  )
  return due.size === 0 ? [] : pipelineNames().filter((name) => due.has(queueNameOf(name)))
}

/** What a finished handler has promised to the world. */
function acknowledge({ diary, service }: Storm, name: PipelineName, body: string): void {
  const bounced = name === 'feedback' ? service.bounceOf(body) : undefined
  if (bounced !== undefined) noteFirst(diary.silentSince, bounced, diary.step)
  const mailId = name === 'disassemble' ? /"mailId":"(\w+)"/.exec(body)?.[1] : undefined
  const cancelled = mailId === undefined ? undefined : diary.cancelMails.get(mailId)
  if (cancelled !== undefined) noteFirst(diary.cancelledAt, cancelled, diary.step)
}

function startSweep(now: Storm): void {
  if (now.planted.isWithoutSweeps === true) return
  const name = now.random.below(3) === 0 ? 'inbound' : 'unfinished'
  const { ctx } = now.mortal
  start(now, `sweep ${name}`, () => sweepHandlers[name](ctx))
}

/** A function never outlives its claim: who works when time jumps has been killed. */
async function pause(now: Storm): Promise<void> {
  await killAll(now)
  const seconds = [31, 90, 400, 1000][now.random.below(4)] ?? 31
  now.trace.push(`${now.diary.step} ${seconds} s pass`)
  now.platform.clock.advance(seconds)
  await now.service.tell()
}

async function killAll(now: Storm): Promise<void> {
  now.diary.ambiguous += now.tasks.size
  now.mortal.kill()
  while (now.tasks.size > 0) await now.turns.next()
  now.mortal = await now.born()
}
