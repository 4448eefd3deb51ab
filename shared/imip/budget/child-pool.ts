import { availableParallelism } from 'node:os'
import { defineFailures } from '#shared/errors/failure.ts'
import type { Log } from '#shared/platform/small-ports.ts'
import { type ChildAnswer, type JobReport, type ReaderChild, startChild } from './child.ts'
import type { JobKind } from './frames.ts'

/** The reader itself cannot work; the mail is innocent and is to be brought again. */
export const MailReaderFailure = defineFailures('mail_reader', {
  closed: { status: 503, retry: true },
  unavailable: { status: 503, retry: true },
})

/** So many children in a row that never came up mean that none will: better to say so than to queue for ever. */
const STARTS_FAILED_MAX = 3
const RESTART_AFTER_MS = 500

/** Above this share of its memory a child killed by the system was killed for it. */
const SUSPECT_SHARE = 0.6

type Died = Extract<ChildAnswer, { kind: 'died' }>
export type PoolAnswer = Exclude<ChildAnswer, Died>

/** One job's end and what it cost; `peakBytes`, of the process's whole life, is 0 when the job was too short to be looked at. */
export type Decision = JobReport & { readonly outcome: PoolAnswer['kind']; readonly limit?: 'time' | 'memory' }

export type ChildPoolOptions = {
  readonly wallMs: number
  readonly rssBytesMax: number
  readonly children?: number
  readonly spares?: number
  readonly entry: URL
  readonly libraryPath?: string
  readonly onDecision?: (decision: Decision, payload: Uint8Array) => void
  readonly log: Log
}

type Job = {
  readonly kind: JobKind
  readonly payload: Uint8Array
  readonly resolve: (answer: PoolAnswer) => void
  readonly reject: (error: unknown) => void
  isAborted: boolean
  wasInterrupted: boolean
}

/** A queue of jobs over reused child processes: at most `children` at work, `spares` more warm, each replaced as it goes. */
export function createChildPool(options: ChildPoolOptions): {
  run(kind: JobKind, payload: Uint8Array, signal?: AbortSignal): Promise<PoolAnswer>
  close(): Promise<void>
} {
  const atOnce = options.children ?? Math.min(4, Math.max(2, availableParallelism()))
  const kept = atOnce + (options.spares ?? 1)
  // The last used first: it is the warmest, and the spare stays fresh.
  let children: ReaderChild[] = []
  const queue: Job[] = []
  let startsFailed = 0
  let isClosed = false
  let isDispatching = false
  let restartTimer: NodeJS.Timeout | undefined

  function fill(): void {
    while (!isClosed && restartTimer === undefined && children.length < kept) children.push(addChild())
  }

  function addChild(): ReaderChild {
    const child: ReaderChild = startChild({
      ...options,
      onReady() {
        startsFailed = 0
        dispatch()
      },
      onGone({ wasReady, how }) {
        children = children.filter((one) => one !== child)
        if (!wasReady && !isClosed) startFailed(how)
        fill()
        dispatch()
      },
    })
    return child
  }

  function startFailed(how: string): void {
    startsFailed += 1
    options.log.error({ at: 'mail_reader.start_failed', how, startsFailed })
    if (startsFailed >= STARTS_FAILED_MAX && children.length === 0) {
      for (const job of queue.splice(0)) job.reject(MailReaderFailure.unavailable('no parser process can be started'))
    }
    restartTimer ??= setTimeout(() => {
      restartTimer = undefined
      fill()
    }, RESTART_AFTER_MS)
  }

  function dispatch(): void {
    if (isDispatching) return
    isDispatching = true
    while (queue.length > 0 && !isClosed && children.filter((child) => child.state() === 'busy').length < atOnce) {
      const child = children.find((one) => one.state() === 'idle')
      const job = child === undefined ? undefined : queue.shift()
      if (child === undefined || job === undefined) break
      if (job.isAborted) continue
      children = [child, ...children.filter((one) => one !== child)]
      child.run(job.kind, job.payload, (answer, report) => {
        if (answer.kind === 'died') died(job, answer, report)
        else decide(job, answer, report)
        // In its own turn: the child is idle, or gone, only after its answer.
        queueMicrotask(dispatch)
      })
    }
    isDispatching = false
  }

  function died(job: Job, { how, ranOutOfHeap, wasKilled }: Died, report: JobReport): void {
    const isSuspect = report.peakBytes > options.rssBytesMax * SUSPECT_SHARE
    if (isClosed) {
      job.reject(MailReaderFailure.closed('the mail reader is closed'))
    } else if (ranOutOfHeap || (wasKilled && isSuspect)) {
      decide(job, { kind: 'over_budget', limit: 'memory' }, report)
    } else if (wasKilled && !job.wasInterrupted) {
      // Killed by someone outside, perhaps for another process's memory: the mail gets one more child before it is blamed.
      job.wasInterrupted = true
      queue.unshift(job)
    } else {
      decide(job, { kind: 'failed', payload: Buffer.from(JSON.stringify(`the parser died: ${how}`)) }, report)
    }
  }

  function decide(job: Job, answer: PoolAnswer, report: JobReport): void {
    const limit = answer.kind === 'over_budget' ? { limit: answer.limit } : {}
    if (answer.kind === 'over_budget') {
      const peakMegabytes = Math.round(report.peakBytes / (1024 * 1024))
      options.log.warn({
        at: 'mail_reader.over_budget',
        ...limit,
        elapsedMs: Math.round(report.elapsedMs),
        peakMegabytes,
      })
    }
    options.onDecision?.({ outcome: answer.kind, ...limit, ...report }, job.payload)
    job.resolve(answer)
  }

  fill()
  return {
    run(kind, payload, signal) {
      return new Promise((resolve, reject) => {
        if (isClosed) return reject(MailReaderFailure.closed('the mail reader is closed'))
        if (startsFailed >= STARTS_FAILED_MAX && children.length === 0) {
          return reject(MailReaderFailure.unavailable('no parser process can be started'))
        }
        const job: Job = { kind, payload, resolve, reject, isAborted: false, wasInterrupted: false }
        if (signal !== undefined) abortBy(signal, job)
        queue.push(job)
        dispatch()
      })
    },
    async close() {
      isClosed = true
      clearTimeout(restartTimer)
      for (const job of queue.splice(0)) job.reject(MailReaderFailure.closed('the mail reader is closed'))
      await Promise.all(children.map((child) => child.end()))
    },
  }
}

/** An aborted job is no longer waited for; one that already runs is let run out, its budget bounds it. */
function abortBy(signal: AbortSignal, job: Job): void {
  const abort = (): void => {
    job.isAborted = true
    job.reject(signal.reason)
  }
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
}
