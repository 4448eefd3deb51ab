import { readSync, writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Series } from '#shared/icalendar/model.ts'
import type { OccurrenceQuestion } from '#shared/imip/disassembled-mail.ts'
import { ANSWER_BYTES_MAX, FRAME_HEADER_BYTES, frameHeader, JOB, JOB_BYTES_MAX, SAID, type Said } from './frames.ts'

/** Descriptors the parent opened: the job channel, and a pipe nobody writes to, whose end means the parent is gone. */
const JOBS_FD = 3
const LIFELINE_FD = 4

/** After a job this large the process tidies up before it answers, so that the parent sees what it really keeps. */
const LARGE_JOB_BYTES = 1024 * 1024
const LARGE_JOB_MS = 50

/** Details are stored and shown; a parser's message may quote a whole mail. */
const DETAIL_CHARACTERS_MAX = 300

export type ChildJobs = {
  readonly disassemble: (raw: Uint8Array) => unknown
  readonly attachedLists: (raw: Uint8Array) => unknown
  readonly occurs: (question: OccurrenceQuestion) => unknown
  readonly sendable: (series: Series) => unknown
}

/**
 * The life of a reader child: say ready, then one job after the other, until the parent closes the channel.
 * Between jobs it blocks in a read, which is the fastest way to wait and leaves no loop for stray callbacks to run in.
 */
export async function serveJobs(jobs: ChildJobs): Promise<void> {
  guardLife()
  let isAnswering = true
  // A callback a parser left behind may throw at any time: it costs the job of that moment, and this process is not trusted further.
  const die = (thrown: unknown): void => {
    if (isAnswering) say(SAID.failedForGood, Buffer.from(JSON.stringify(detailOf(thrown))))
    isAnswering = false
    endSelf()
  }
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
  process.on('exit', (code) => die(new Error(`the parser ended its process (${code})`)))

  say(SAID.ready, Buffer.alloc(0))
  for (;;) {
    isAnswering = false
    const header = readExactly(FRAME_HEADER_BYTES)
    const payloadBytes = header.readUInt32LE(1)
    if (payloadBytes > JOB_BYTES_MAX) endSelf()
    const payload = readExactly(payloadBytes)
    isAnswering = true
    const startedAt = performance.now()
    const { said, answer } = await answerOf(jobs, header[0] ?? 0, payload)
    // One turn of the loop, so that what this job left behind breaks this job and not the next.
    await new Promise((resolve) => setImmediate(resolve))
    if (payloadBytes > LARGE_JOB_BYTES || performance.now() - startedAt > LARGE_JOB_MS) globalThis.gc?.()
    say(said, answer)
  }
}

async function answerOf(
  jobs: ChildJobs,
  kind: number,
  payload: Buffer,
): Promise<{ readonly said: Said; readonly answer: Buffer }> {
  try {
    const answer = Buffer.from(JSON.stringify((await runJob(jobs, kind, payload)) ?? null))
    if (answer.length > ANSWER_BYTES_MAX) {
      return { said: SAID.failed, answer: Buffer.from(JSON.stringify('the answer is too large')) }
    }
    return { said: SAID.done, answer }
  } catch (thrown) {
    // Parsers of hostile input may throw anything; the parent stores it as the mail's outcome.
    return { said: SAID.failed, answer: Buffer.from(JSON.stringify(detailOf(thrown))) }
  }
}

function runJob(jobs: ChildJobs, kind: number, payload: Buffer): unknown {
  if (kind === JOB.disassemble) return jobs.disassemble(payload)
  if (kind === JOB.attachedLists) return jobs.attachedLists(payload)
  if (kind === JOB.occurs) return jobs.occurs(JSON.parse(payload.toString('utf8')))
  if (kind === JOB.sendable) return jobs.sendable(JSON.parse(payload.toString('utf8')))
  throw new Error(`no job of kind ${kind}`)
}

function detailOf(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `thrown: ${typeof thrown}`
  return text.slice(0, DETAIL_CHARACTERS_MAX)
}

function readExactly(bytes: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(bytes)
  let filled = 0
  while (filled < bytes) {
    const count = readSync(JOBS_FD, buffer, filled, bytes - filled, null)
    if (count === 0) endSelf()
    filled += count
  }
  return buffer
}

/** Blocks until the parent has taken it; what is written before a SIGKILL still arrives. */
function say(said: Said, answer: Buffer): void {
  const frame = Buffer.concat([frameHeader(said, answer.length), answer])
  let written = 0
  while (written < frame.length) written += writeSync(JOBS_FD, frame, written)
}

/** Ends at once: an orderly exit would wait for the lifeline's thread, which waits for the parent. */
function endSelf(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('ended')
}

/**
 * Holds this process to its parent's life: a thread of its own waits for the lifeline to close, since a parser that hangs
 * would never come back to notice. Ctrl-C and a service manager's SIGTERM are the parent's to answer: it still needs its jobs.
 */
function guardLife(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  const watch = `require('node:fs').readSync(${LIFELINE_FD}, Buffer.alloc(1)); process.kill(${process.pid}, 'SIGKILL')`
  new Worker(watch, {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  }).unref()
}
