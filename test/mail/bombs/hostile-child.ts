import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { serveJobs } from '#shared/imip/budget/child-loop.ts'

/** What a test can make a reader child do: the job's text is `verb argument`. */
const VERBS: { readonly [verb: string]: (argument: string) => unknown } = {
  echo: (argument) => argument,
  size: (argument) => argument.length,
  pid: () => process.pid,
  environment: () => process.env,
  throw: (argument) => {
    throw new RangeError(argument)
  },
  throw_later: () => {
    setTimeout(() => {
      throw new TypeError('from a callback left behind')
    }, 1)
    return new Promise(() => undefined)
  },
  reject_later: () => {
    void Promise.reject(new TypeError('nobody caught this'))
    return new Promise((resolve) => setTimeout(resolve, 50))
  },
  wait: (argument) => new Promise((resolve) => setTimeout(() => resolve(process.pid), Number(argument))),
  never: () => new Promise(() => undefined),
  spin: () => {
    for (;;);
  },
  // Backtracks for centuries inside the native engine, where no JavaScript runs.
  regex: () => /^(a+)+$/.test(`${'a'.repeat(64)}!`),
  buffers: (argument) => {
    const held = Array.from({ length: Number(argument) }, () => Buffer.alloc(1024 * 1024, 1))
    return held.length
  },
  heap: () => {
    const held: string[][] = []
    for (;;) held.push(Array.from({ length: 1000 }, (_, index) => `${held.length} ${index}`))
  },
  keep: (argument) => {
    kept.push(Buffer.alloc(Number(argument) * 1024 * 1024, 1))
    return process.pid
  },
  exit: (argument) => process.exit(Number(argument)),
  kill: (argument) => process.kill(process.pid, argument),
  write: () => writeFileSync(new URL('./never-written', import.meta.url), ''),
  start: () => spawnSync('true').pid,
  flood: (argument) => 'x'.repeat(Number(argument)),
}

const kept: Buffer[] = []

await serveJobs({
  disassemble(raw) {
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1')
    const space = text.indexOf(' ')
    const verb = VERBS[space < 0 ? text : text.slice(0, space)]
    return verb?.(space < 0 ? '' : text.slice(space + 1))
  },
  attachedLists: () => [],
  occurs: ({ recurrenceKeys }) => recurrenceKeys.map((key) => key === 'yes'),
  sendable: (series) => series,
})
