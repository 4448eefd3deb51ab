import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'
import { readMailHeaders } from '#shared/imip/read/mail-headers.ts'
import { isDeclined } from '#shared/imip/read/mail-part.ts'
import { compareReaders } from '#shared/imip/read/oracle/compare-readers.ts'
import { scanMessage } from '#shared/imip/read/scan-message.ts'
import { fixture, fixtureNames } from './fixtures.ts'

const SEEDS = fixtureNames.map(fixture)

type Mutation = (raw: Buffer, at: number) => Buffer

/** What broken software and attackers do to mail; `at` chooses where. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flipByte: (raw, at) => {
    const copy = Buffer.from(raw)
    const index = at % copy.length
    copy[index] = (copy[index] ?? 0) ^ (1 << (at % 8))
    return copy
  },
  truncate: (raw, at) => raw.subarray(0, at % raw.length),
  deleteLine: (raw, at) => joinLines(raw, (lines) => lines.toSpliced(at % lines.length, 1)),
  repeatLine: (raw, at) =>
    joinLines(raw, (lines) => lines.toSpliced(at % lines.length, 0, lines[(at * 7) % lines.length] ?? '')),
  swapBoundaries: (raw, at) => {
    const text = raw.toString('latin1')
    const boundaries = [...text.matchAll(/boundary="?([^"\s]+)/g)].map((match) => match[1] ?? '')
    const one = boundaries[at % boundaries.length] ?? 'x'
    const other = boundaries[(at >> 4) % boundaries.length] ?? 'y'
    return Buffer.from(text.replaceAll(one, '\0').replaceAll(other, one).replaceAll('\0', other), 'latin1')
  },
  lineFeedsOnly: (raw) => Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
  carriageReturnsOnly: (raw) => Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\r'), 'latin1'),
  insertJunk: (raw, at) =>
    Buffer.concat([
      raw.subarray(0, at % raw.length),
      Buffer.from('\r\n--\0"=?;(<![\r\n'),
      raw.subarray(at % raw.length),
    ]),
}

function joinLines(raw: Buffer, change: (lines: string[]) => string[]): Buffer {
  return Buffer.from(change(raw.toString('latin1').split('\r\n')).join('\r\n'), 'latin1')
}

const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.tuple(fc.constantFrom(...Object.values(MUTATIONS)), fc.nat(1_000_000)), { minLength: 1, maxLength: 3 }),
  )
  .map(([seed, steps]) => steps.reduce((raw, [mutate, at]) => (raw.length === 0 ? raw : mutate(raw, at)), seed))

describe('mutated mail', () => {
  it('is always taken apart, never throws', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (raw) => {
        const mail = await disassembleMail(raw)
        expect(mail.bodyHash).toMatch(/^[0-9a-f]{64}$/)
      }),
      { numRuns: 1_000 },
    )
  })

  it('what our scanner takes, it reads as mailparser does', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (raw) => {
        const compared = await compareReaders(raw)
        if (compared.kind === 'compared') {
          expect(compared.differences.filter((one) => one.reason === undefined)).toEqual([])
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('random bytes are taken apart too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4_000 }), async (raw) => {
        expect((await disassembleMail(raw)).calendars).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})

describe('time grows with the bytes, not with their shape', () => {
  const HEAD = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n'
  /** Each shape at n and 8n: a linear reader takes 8 times the CPU time, a quadratic one 64 times. */
  const SHAPES: Readonly<Record<string, (n: number) => string>> = {
    'lines of two hyphens': (n) => HEAD + '--\r\n'.repeat(n),
    'delimiters with junk kept apart by hyphens': (n) => HEAD + '--B\r\n'.repeat(n),
    'one endless line': (n) => `${HEAD}--b\r\n\r\n${'-'.repeat(n * 4)}`,
    'encoded words': (n) => `Subject: ${'=?utf-8?Q?a?= '.repeat(n / 5)}\r\n\r\nx`,
    folds: (n) => `Subject: x${'\r\n y'.repeat(n / 25)}\r\n\r\nx`,
    'blanks in quoted-printable': (n) =>
      `Content-Transfer-Encoding: quoted-printable\r\n\r\n${'=  '.repeat(n)}${' '.repeat(n)}`,
    'padding in base64': (n) => `Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n${'A=='.repeat(n)}`,
    'quotes in flowed text': (n) => `Content-Type: text/plain; format=flowed\r\n\r\n${'> a \r\n'.repeat(n)}`,
    'calendar starts': (n) => `Content-Type: a/b\r\n\r\n${'BEGIN:VCALENDAR\r\n'.repeat(n)}`,
    'address starts': (n) => `From: ${'<"('.repeat(n)}\r\n\r\nx`,
  }

  it.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const steps = (n: number) => {
      const raw = Buffer.from(shape(n))
      const started = process.cpuUsage()
      const read = scanMessage(raw)
      if (!isDeclined(read)) {
        for (const part of read.parts) part.sizeBytes()
        readMailHeaders(read.fields)
      }
      const used = process.cpuUsage(started)
      return used.user + used.system
    }
    steps(1_000)
    // CPU time of this process, not wall clock: 100 ms cover collecting garbage and compiling.
    expect(steps(80_000)).toBeLessThan(steps(10_000) * 24 + 100_000)
  })
})
