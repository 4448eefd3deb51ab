import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { capturedLog } from '#test/mail/bombs/captured-log.ts'
import type { Decision } from './child-pool.ts'
import { createMailReader, type MailReaderOptions } from './mail-reader.ts'

const entry = new URL('../../../test/mail/bombs/hostile-child.ts', import.meta.url)
const log = capturedLog()
const opened: { close(): Promise<void> }[] = []
let decisions: Decision[]

beforeEach(() => {
  decisions = []
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((reader) => reader.close()))
})

function open(more: Partial<MailReaderOptions> = {}) {
  const reader = createMailReader({ entry, children: 1, log, onDecision: (one) => decisions.push(one), ...more })
  opened.push(reader)
  const run = (job: string): Promise<unknown> => reader.disassemble(Buffer.from(job, 'latin1'))
  return { reader, run }
}

const done = (value: unknown) => ({ kind: 'done', value })

describe('the budgeted mail reader', () => {
  it('answers each job, in order per child, whatever the size', async () => {
    const { reader, run } = open()
    const jobs = Array.from({ length: 50 }, (_, index) => run(`echo ${index}`))
    expect(await Promise.all(jobs)).toEqual(Array.from({ length: 50 }, (_, index) => done(String(index))))
    expect(await run(`size ${'x'.repeat(20_000_000)}`)).toEqual(done(20_000_000))
    expect(await run(`echo ${'é'.repeat(100_000)}`)).toEqual(done('é'.repeat(100_000)))
    const question = {
      series: { uid: 'u', overrides: [], cancelled: [], customZones: [] },
      recurrenceKeys: ['yes', 'no'],
    }
    expect(await reader.occurs(question)).toEqual(done([true, false]))
    expect(await reader.sendable(question.series)).toEqual(done(question.series))
  })

  it('reuses one process', async () => {
    const { run } = open()
    const first = await run('pid')
    expect(await run('pid')).toEqual(first)
  })

  it('works in as many processes at once as it was told', async () => {
    const { run } = open({ children: 2 })
    const pids = new Set<number>()
    // On a busy machine the second process may come up late.
    while (pids.size < 2) {
      const answers = await Promise.all(Array.from({ length: 6 }, () => run('wait 60')))
      for (const answer of answers) pids.add(pidOf(answer))
    }
    expect(pids.size).toBe(2)
  })

  it.each([['spin'], ['regex'], ['wait 60000']])(
    'ends "%s" when its time is up, and the next job is untouched',
    async (job) => {
      const { run } = open({ wallMs: 1000 })
      await run('echo warm')
      const answers = await Promise.all([run('echo before'), run(job), run('echo after')])
      expect(answers).toEqual([done('before'), { kind: 'over_budget', limit: 'time' }, done('after')])
      expect(log.entries).toContainEqual(expect.objectContaining({ at: 'mail_reader.over_budget', limit: 'time' }))
    },
  )

  it('does not count the start of a process against the job', async () => {
    const slow = new URL('../../../test/mail/bombs/slow-starting-child.ts', import.meta.url)
    const { run } = open({ entry: slow, wallMs: 700 })
    expect(await run('echo at once')).toEqual(done('at once'))
  })

  it('ends a job whose Buffers, outside the heap, grow over the line', async () => {
    const { run } = open({ wallMs: 30_000 })
    const answers = await Promise.all([run('buffers 2000'), run('echo after')])
    expect(answers).toEqual([{ kind: 'over_budget', limit: 'memory' }, done('after')])
    expect(decisions[0]?.peakBytes).toBeGreaterThan(256 * 1024 * 1024)
    expect(decisions[0]?.peakBytes).toBeLessThan(700 * 1024 * 1024)
  })

  it('ends a job whose heap grows over the line', async () => {
    const { run } = open({ wallMs: 30_000, rssBytesMax: 160 * 1024 * 1024 })
    expect(await Promise.all([run('heap'), run('echo after')])).toEqual([
      { kind: 'over_budget', limit: 'memory' },
      done('after'),
    ])
  })

  it('lets a large job within its budget, and replaces the process that kept too much of it', async () => {
    const { run } = open({ wallMs: 30_000 })
    expect(await run('buffers 30')).toEqual(done(30))
    const small = await run('pid')
    const full = await run('keep 100')
    expect(full).toEqual(small)
    expect(await run('pid')).not.toEqual(full)
    expect(await run('buffers 30')).toEqual(done(30))
  })

  it.each([
    ['throw a hostile part', 'RangeError: a hostile part'],
    ['throw_later', 'TypeError: from a callback left behind'],
    ['reject_later', 'TypeError: nobody caught this'],
    ['never', 'Error: the parser ended its process (13)'],
    ['exit 3', 'Error: the parser ended its process (3)'],
    ['kill SIGSEGV', 'the parser died: SIGSEGV'],
    ['kill SIGKILL', 'the parser died: SIGKILL'],
    ['flood 20000000', 'the answer is too large'],
  ])('answers "%s" as failed, and the next job is untouched', async (job, detail) => {
    const { run } = open({ wallMs: 20_000 })
    expect(await Promise.all([run(job), run('echo after')])).toEqual([{ kind: 'failed', detail }, done('after')])
  })

  it('calls an abort of the engine a lack of memory', async () => {
    expect(await open().run('kill SIGABRT')).toEqual({ kind: 'over_budget', limit: 'memory' })
  })

  it('gives a job whose process was killed from outside a second one', async () => {
    const { run } = open({ wallMs: 20_000 })
    const first = await run('pid')
    const second = run('wait 200')
    // Handed over in this same turn, the first process being idle.
    process.kill(pidOf(first), 'SIGKILL')
    expect(pidOf(await second)).not.toBe(pidOf(first))
  })

  it('outlives signals that are meant for the parent', async () => {
    const { run } = open()
    const first = await run('pid')
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(pidOf(first), signal)
    expect(await run('pid')).toEqual(first)
  })

  it('gives the process no secret of ours, and no right to write or to start another', async () => {
    process.env.A_SECRET_OF_THE_PARENT = 'x'
    const { run } = open()
    expect(await run('environment')).toEqual(done({ TZ: 'UTC', MALLOC_ARENA_MAX: '2' }))
    expect(await run('write')).toMatchObject({ kind: 'failed', detail: expect.stringContaining('restricted') })
    expect(await run('start')).toMatchObject({ kind: 'failed', detail: expect.stringContaining('restricted') })
  })
})

function pidOf(answer: unknown): number {
  if (typeof answer === 'object' && answer !== null && 'value' in answer && typeof answer.value === 'number') {
    return answer.value
  }
  throw new Error(`no process id: ${JSON.stringify(answer)}`)
}
