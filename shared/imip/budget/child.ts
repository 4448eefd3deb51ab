import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { ANSWER_BYTES_MAX, createFrameReader, type Frame, frameHeader, type JobKind, SAID } from './frames.ts'
import { askResidentMemory, type ResidentMemory, residentMemory } from './resident-memory.ts'

/** How often a working child is looked at; between two looks it can fill some tens of megabytes, which the peak then tells. */
const LOOK_EVERY_MS = 20

/** A job is ended this long before its wall is up, so that the decision is there when the wall is. */
const DECIDE_BEFORE_WALL_MS = 40

/** A child that has not said ready by now will not. */
const START_MS_MAX = 20_000

/** A job that took longer, or brought more bytes, may have grown the child: its memory is looked at with its answer. */
const SMALL_JOB_MS = 10
const SMALL_JOB_BYTES = 128 * 1024

/** Of the room above its memory at the start, what an idle child may keep; a fuller one would doom the next mail. */
const KEPT_SHARE_MAX = 0.4

/** Leaks of libraries are cut off here, however small each is. */
const JOBS_PER_CHILD_MAX = 50_000

export type ChildAnswer =
  | { readonly kind: 'done'; readonly payload: Buffer }
  | { readonly kind: 'failed'; readonly payload: Buffer }
  | { readonly kind: 'over_budget'; readonly limit: 'time' | 'memory' }
  /** Ended by nobody of ours; `ranOutOfHeap`: V8 gave up by itself. */
  | { readonly kind: 'died'; readonly how: string; readonly ranOutOfHeap: boolean; readonly wasKilled: boolean }

export type JobReport = { readonly elapsedMs: number; readonly peakBytes: number }

export type ReaderChild = {
  state(): 'starting' | 'idle' | 'busy' | 'gone'
  run(kind: JobKind, payload: Uint8Array, answered: (answer: ChildAnswer, report: JobReport) => void): void
  /** Resolves when the process is no more. */
  end(): Promise<void>
}

export type ChildOptions = {
  readonly entry: URL
  /** LD_LIBRARY_PATH of the child. */
  readonly libraryPath?: string
  readonly wallMs: number
  readonly rssBytesMax: number
  readonly onReady: () => void
  /** Told once, after the answer to a running job; `wasReady` false: it never came up. */
  readonly onGone: (gone: { readonly wasReady: boolean; readonly how: string }) => void
}

type Running = {
  readonly startedAt: number
  readonly payloadBytes: number
  readonly answered: (answer: ChildAnswer, report: JobReport) => void
  peakBytes: number
  isLate: boolean
}

/** Starts one parser process and watches it from outside; it is given one job at a time. */
export function startChild(options: ChildOptions): ReaderChild {
  const { process: child, channel } = spawnChild(options)
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
    child.on('error', () => resolve())
  })
  const frames = createFrameReader(ANSWER_BYTES_MAX)
  let state: 'starting' | 'idle' | 'busy' | 'gone' = 'starting'
  let running: Running | undefined
  let wasReady = false
  let jobsDone = 0
  let keptBytesMax = options.rssBytesMax
  const startTimer = setTimeout(() => gone('did not start in time'), START_MS_MAX)
  const lookTimer = setTimeout(look, LOOK_EVERY_MS)

  function answer(result: ChildAnswer): void {
    const job = running
    if (job === undefined) return
    running = undefined
    const elapsedMs = performance.now() - job.startedAt
    job.answered(result, { elapsedMs, peakBytes: job.peakBytes })
  }

  function gone(how: string): void {
    if (state === 'gone') return
    state = 'gone'
    clearTimeout(startTimer)
    clearTimeout(lookTimer)
    child.kill('SIGKILL')
    channel.destroy()
    answer({ kind: 'died', how, ranOutOfHeap: false, wasKilled: false })
    options.onGone({ wasReady, how })
  }

  function overBudget(limit: 'time' | 'memory'): void {
    answer({ kind: 'over_budget', limit })
    gone(`over budget: ${limit}`)
  }

  function noteMemory(memory: ResidentMemory): void {
    if (running === undefined) return
    running.peakBytes = Math.max(running.peakBytes, memory.peakBytes)
    if (memory.peakBytes > options.rssBytesMax) overBudget('memory')
  }

  function look(): void {
    if (running === undefined || child.pid === undefined) return
    const memory = residentMemory(child.pid)
    if (memory !== undefined) noteMemory(memory)
    else askResidentMemory(child.pid, noteMemory)
    const job = running
    if (job === undefined) return
    if (performance.now() - job.startedAt < options.wallMs - DECIDE_BEFORE_WALL_MS) lookTimer.refresh()
    else if (job.isLate) overBudget('time')
    else {
      // This process may have been busy itself while the answer lay in the channel: one turn of the loop lets it in.
      job.isLate = true
      setImmediate(() => {
        if (running === job && !frames.isMidFrame()) overBudget('time')
        else if (running === job) lookTimer.refresh()
      })
    }
  }

  function onFrame(frame: Frame): void {
    if (frame.kind === SAID.ready) {
      clearTimeout(startTimer)
      wasReady = true
      state = 'idle'
      const now = child.pid === undefined ? undefined : residentMemory(child.pid)?.nowBytes
      if (now !== undefined) keptBytesMax = now + Math.max(0, options.rssBytesMax - now) * KEPT_SHARE_MAX
      options.onReady()
    } else if (running !== undefined) finishJob(running, frame)
  }

  function finishJob(job: Running, frame: Frame): void {
    let isFit = true
    if (performance.now() - job.startedAt > SMALL_JOB_MS || job.payloadBytes > SMALL_JOB_BYTES) {
      const memory = child.pid === undefined ? undefined : residentMemory(child.pid)
      if (memory !== undefined) noteMemory(memory)
      if (running === undefined) return
      isFit = (memory?.nowBytes ?? 0) < keptBytesMax
    }
    state = 'idle'
    jobsDone += 1
    answer({ kind: frame.kind === SAID.done ? 'done' : 'failed', payload: frame.payload })
    if (frame.kind === SAID.failedForGood) gone('failed for good')
    else if (!isFit) gone('kept too much')
    else if (jobsDone >= JOBS_PER_CHILD_MAX) gone('retired')
  }

  channel.on('data', (chunk: Buffer) => {
    const whole = frames.push(chunk)
    if (whole === 'too_large') gone('answered too much')
    else for (const frame of whole) onFrame(frame)
  })
  // A write to a child that has just died; its exit is what tells.
  channel.on('error', () => undefined)
  child.on('error', (error) => gone(error.message))
  // 'close', not 'exit': what it said before it died has been read by then.
  child.on('close', (code, signal) => {
    const how = signal ?? `exit ${code}`
    const ranOutOfHeap = signal === 'SIGABRT' || code === 134
    answer({ kind: 'died', how, ranOutOfHeap, wasKilled: signal === 'SIGKILL' || signal === 'SIGTERM' })
    gone(how)
  })

  return {
    state: () => state,
    run(kind, payload, answered) {
      running = { startedAt: performance.now(), payloadBytes: payload.length, answered, peakBytes: 0, isLate: false }
      state = 'busy'
      channel.cork()
      channel.write(frameHeader(kind, payload.length))
      channel.write(payload)
      channel.uncork()
      lookTimer.refresh()
    },
    async end() {
      gone('closed')
      await ended
    },
  }
}

function spawnChild(options: ChildOptions): { readonly process: ChildProcess; readonly channel: Socket } {
  const heapMegabytesMax = Math.floor((options.rssBytesMax / (1024 * 1024)) * 0.6)
  const limits = [`--max-old-space-size=${heapMegabytesMax}`, '--max-semi-space-size=8', '--expose-gc', '--no-warnings']
  // A parser that is taken over can read, but neither write nor start anything.
  const cage = ['--permission', '--allow-fs-read=*', '--allow-worker']
  const child = spawn(process.execPath, [...limits, ...cage, fileURLToPath(options.entry)], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: childEnvironment(options.libraryPath),
    windowsHide: true,
  })
  const channel = child.stdio[3]
  if (!(channel instanceof Socket)) throw new Error('a parser process could not be given its channel')
  // Nothing is ever said on the lifeline; unread, it would keep 'close' from coming.
  const lifeline = child.stdio[4]
  if (lifeline instanceof Socket) lifeline.resume()
  return { process: child, channel }
}

/** The child reads hostile mail: it is given no secret to lose. Windows cannot start a process without its system folder. */
function childEnvironment(libraries: string | undefined): Record<string, string> {
  const systemRoot = process.platform === 'win32' ? 'C:\\Windows' : undefined
  // Where a runtime's own libraries lie: without them its Node may not start.
  return {
    TZ: 'UTC',
    MALLOC_ARENA_MAX: '2',
    ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }),
    ...(systemRoot === undefined ? {} : { SystemRoot: systemRoot }),
  }
}
