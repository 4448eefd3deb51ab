import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { capturedLog } from '#test/mail/bombs/captured-log.ts'
import { createMailReader } from './mail-reader.ts'

const here = (path: string): URL => new URL(`../../../test/mail/bombs/${path}`, import.meta.url)

function open(entry = here('hostile-child.ts')) {
  const log = capturedLog()
  const reader = createMailReader({ entry, children: 1, log })
  return { reader, log, run: (job: string): Promise<unknown> => reader.disassemble(Buffer.from(job)) }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

describe('the life of the reader and its processes', () => {
  it('leaves no process behind a parent that was killed, not even one that hangs', async () => {
    const parent = spawn(process.execPath, [fileURLToPath(here('orphaning-parent.ts'))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line]: unknown[] = await once(parent.stdout, 'data')
      const pids: number[] = JSON.parse(String(line))
      expect(pids.length).toBe(2)
      expect(pids.every(isAlive)).toBe(true)
      parent.kill('SIGKILL')
      await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 20_000 })
    } finally {
      parent.kill('SIGKILL')
    }
  })

  it('closes: running and waiting jobs are to be brought again, and no process is left', async () => {
    const { reader, run } = open()
    const pid = await run('pid')
    const jobs = [run('spin'), run('echo waiting')]
    const ended = Promise.all(
      jobs.map((job) => expect(job).rejects.toMatchObject({ code: 'mail_reader.closed', retry: true })),
    )
    await reader.close()
    await ended
    await expect(run('echo late')).rejects.toMatchObject({ code: 'mail_reader.closed' })
    if (typeof pid !== 'object' || pid === null || !('value' in pid)) throw new Error('no pid')
    expect(isAlive(Number(pid.value))).toBe(false)
  })

  it('says that it is unavailable, and does not blame the mail, when no process can start', async () => {
    const { reader, log, run } = open(here('no-such-child.ts'))
    await expect(run('echo x')).rejects.toMatchObject({ code: 'mail_reader.unavailable', retry: true })
    expect(log.entries).toContainEqual(expect.objectContaining({ at: 'mail_reader.start_failed' }))
    await expect(run('echo y')).rejects.toMatchObject({ code: 'mail_reader.unavailable' })
    await reader.close()
  })

  it('stops waiting for a job that was aborted while it runs, and does not begin one that was aborted before', async () => {
    const begun: string[] = []
    const onDecision = (_: unknown, payload: Uint8Array): void => void begun.push(Buffer.from(payload).toString())
    const reader = createMailReader({ entry: here('hostile-child.ts'), children: 1, log: capturedLog(), onDecision })
    const early = AbortSignal.abort(new Error('too early'))
    await expect(reader.disassemble(Buffer.from('echo early'), { signal: early })).rejects.toThrow('too early')
    const aborting = new AbortController()
    await reader.disassemble(Buffer.from('echo warm'))
    const running = reader.disassemble(Buffer.from('wait 50'), { signal: aborting.signal })
    const waiting = reader.disassemble(Buffer.from('echo waiting'), { signal: aborting.signal })
    const next = reader.disassemble(Buffer.from('echo next'))
    const ended = [running, waiting].map((job) => expect(job).rejects.toThrow('no longer wanted'))
    aborting.abort(new Error('no longer wanted'))
    await Promise.all(ended)
    expect(await next).toEqual({ kind: 'done', value: 'next' })
    expect(begun).toEqual(['echo warm', 'wait 50', 'echo next'])
    await reader.close()
  })

  it('takes an answer that was ready in time though the parent looked late', async () => {
    const log = capturedLog()
    const reader = createMailReader({ entry: here('hostile-child.ts'), children: 1, wallMs: 1000, log })
    await reader.disassemble(Buffer.from('echo warm'))
    const job = reader.disassemble(Buffer.from(`echo ${'x'.repeat(100_000)}`))
    await new Promise((resolve) => setImmediate(resolve))
    const until = performance.now() + 1500
    while (performance.now() < until);
    expect(await job).toMatchObject({ kind: 'done' })
    await reader.close()
  })
})
