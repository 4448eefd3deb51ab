import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { reportFile } from './report-file.ts'

const limits = { plainBytesMax: 1000, packedBytesMax: 5000 }
const always = () => true

/** Lines that do not pack well, and how many of them were asked for. */
function lines(count: number) {
  const read = { lines: 0, isEnded: false }
  async function* csv() {
    try {
      for (let at = 0; at < count; at += 1) {
        read.lines += 1
        yield `${crypto.randomUUID()},ä\r\n`
      }
    } finally {
      read.isEnded = true
    }
  }
  return { read, csv: csv() }
}

describe('the file of a report', () => {
  it('goes as it is while it is small', async () => {
    const file = await reportFile(lines(10).csv, always, limits)
    if (file.kind !== 'plain') throw new Error(file.kind)
    expect(Buffer.from(file.bytes).toString()).toMatch(/^(?:[0-9a-f-]{36},ä\r\n){10}$/)
  })

  it('is empty when nothing comes', async () => {
    expect(await reportFile(lines(0).csv, always, limits)).toEqual({ kind: 'plain', bytes: Buffer.alloc(0) })
  })

  it('is packed when it is larger, and unpacks to all of it', async () => {
    const file = await reportFile(lines(100).csv, always, limits)
    if (file.kind !== 'packed') throw new Error(file.kind)
    expect(gunzipSync(file.bytes).toString()).toMatch(/^(?:[0-9a-f-]{36},ä\r\n){100}$/)
  })

  it('is left out when it is larger than a mail, and reading ends there', async () => {
    const { csv, read } = lines(1_000_000)
    expect(await reportFile(csv, always, limits)).toEqual({ kind: 'none', reason: 'too_large' })
    expect(read.lines).toBeLessThan(20_000)
    expect(read.isEnded).toBe(true)
  })

  it('is left out when time is up, and never half', async () => {
    const { csv, read } = lines(1000)
    expect(await reportFile(csv, () => read.lines < 15, limits)).toEqual({ kind: 'none', reason: 'no_time' })
    expect(read).toEqual({ lines: 15, isEnded: true })
  })

  it('fails when reading fails', async () => {
    async function* broken() {
      yield 'a\r\n'
      throw new Error('the table is away')
    }
    await expect(reportFile(broken(), always, limits)).rejects.toThrow('the table is away')
  })
})
