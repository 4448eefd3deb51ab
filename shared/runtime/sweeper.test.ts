import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { startSweeper } from './sweeper.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

it('sweeps at once and then on schedule, until stopped', async () => {
  const sweep = vi.fn(async () => undefined)
  const sweeper = startSweeper([{ name: 'unfinished', everySeconds: 60, sweep }], createCollectingLog())
  expect(sweep).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(180_000)
  expect(sweep).toHaveBeenCalledTimes(4)
  await sweeper.stop()
  await vi.advanceTimersByTimeAsync(180_000)
  expect(sweep).toHaveBeenCalledTimes(4)
})

it('never runs a sweep beside itself, and stops only when it has ended', async () => {
  let end: () => void = () => undefined
  const sweep = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        end = resolve
      }),
  )
  const sweeper = startSweeper([{ name: 'slow', everySeconds: 60, sweep }], createCollectingLog())
  await vi.advanceTimersByTimeAsync(180_000)
  expect(sweep).toHaveBeenCalledTimes(1)
  let isStopped = false
  const stopped = sweeper.stop().then(() => {
    isStopped = true
  })
  await vi.advanceTimersByTimeAsync(1000)
  expect(isStopped).toBe(false)
  end()
  await stopped
})

it('logs a sweep that failed and runs it again next time', async () => {
  const log = createCollectingLog()
  const sweep = vi.fn(() => Promise.reject(new Error('the store is busy')))
  const sweeper = startSweeper([{ name: 'inbound', everySeconds: 60, sweep }], log)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sweep).toHaveBeenCalledTimes(2)
  expect(log.entries).toEqual(
    Array(2).fill({ at: 'sweep', sweep: 'inbound', error: 'the store is busy', level: 'error' }),
  )
  await sweeper.stop()
})
