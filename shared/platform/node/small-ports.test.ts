import { describe, expect, it } from 'vitest'
import { createManualClock } from '#test/harness/platform/manual-clock.ts'
import { toBase32 } from './base32.ts'
import { createJsonLog } from './json-log.ts'
import { createRandomIds } from './random-ids.ts'
import { systemClock } from './system-clock.ts'

describe('ids', () => {
  const clock = createManualClock()
  const ids = createRandomIds(clock)

  it('are their prefix and 26 characters of lower-case base32', () => {
    expect(ids.newId('evt')).toMatch(/^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$/)
    expect(ids.newToken()).toMatch(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/)
  })

  it('sort by time as text', () => {
    const made = Array.from({ length: 50 }, () => {
      clock.advance(0.001)
      return ids.newId('evt')
    })
    expect(made.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(made)
  })

  it('do not repeat within one millisecond, and neither do tokens', () => {
    const made = Array.from({ length: 5000 }, () => [ids.newId('snd'), ids.newToken()]).flat()
    expect(new Set(made).size).toBe(10_000)
  })

  it('carry the time in their first ten characters', () => {
    const at = createRandomIds(createManualClock(1_469_918_176_385)).newId('key')
    // The example time of the ULID specification.
    expect(at.slice(4, 14)).toBe('01aryz6s41')
  })

  it('base32 keeps leading zeros and every bit', () => {
    expect(toBase32(Buffer.alloc(16), 26)).toBe('0'.repeat(26))
    expect(toBase32(Buffer.alloc(16, 255), 26)).toBe(`7${'z'.repeat(25)}`)
    expect(toBase32(Uint8Array.of(1), 2)).toBe('01')
  })
})

describe('log', () => {
  it('writes one JSON object per line with time and level, also for text with line breaks', () => {
    const lines: string[] = []
    const clock = createManualClock(Date.UTC(2026, 0, 1))
    const log = createJsonLog({ clock, writeLine: (line) => lines.push(line) })
    log.info({ at: 'imip.read', mailId: 'mail_1', count: 2, nothing: null })
    log.error({ at: 'x\ny', ok: false })
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { time: '2026-01-01T00:00:00.000Z', level: 'info', at: 'imip.read', mailId: 'mail_1', count: 2, nothing: null },
      { time: '2026-01-01T00:00:00.000Z', level: 'error', at: 'x\ny', ok: false },
    ])
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
  })

  it('leaves out what is below its level', () => {
    const lines: string[] = []
    const log = createJsonLog({ clock: systemClock, level: 'warn', writeLine: (line) => lines.push(line) })
    log.info({ at: 'a' })
    log.warn({ at: 'b' })
    log.error({ at: 'c' })
    expect(lines.map((line) => JSON.parse(line).at)).toEqual(['b', 'c'])
  })

  it('writes metrics whatever its level is, and not at all where nothing reads them', () => {
    const lines: string[] = []
    const writeLine = (line: string) => lines.push(line)
    createJsonLog({ clock: createManualClock(0), level: 'error', writeLine }).metric({
      at: 'queues.watched',
      waiting: 0,
    })
    createJsonLog({ clock: systemClock, hasMetrics: false, writeLine }).metric({ at: 'queues.watched', waiting: 1 })
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { at: 'queues.watched', waiting: 0, time: '1970-01-01T00:00:00.000Z', level: 'info' },
    ])
  })

  it('an entry cannot forge its time or level', () => {
    const lines: string[] = []
    const log = createJsonLog({ clock: createManualClock(0), writeLine: (line) => lines.push(line) })
    log.error({ at: 'a', level: 'info', time: 'never' })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', time: '1970-01-01T00:00:00.000Z' })
  })
})
