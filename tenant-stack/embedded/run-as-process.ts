import { type ChildProcess, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Running, runningFileName } from '#shared/contracts/embedded-running.ts'
import { readRunning } from './running-file.ts'

/** The product as whoever runs it sees it: a process with a terminal, a data folder, and doors. For tests and benches. */
export type ProductProcess = {
  readonly dataFolder: string
  /** Everything it wrote to its terminal so far. */
  output(): string
  /** Where it listens now. */
  running(): Promise<Running>
  /** kill -9 of the working child; resolves when its supervisor has it open again. */
  killWorkingChild(): Promise<void>
  /** kill -9 of the whole process group: supervisor, working child, parsers. Resolves when the supervisor is gone. */
  killAll(): Promise<void>
  /** kill -9 of the supervisor alone; resolves when its children have ended by themselves. */
  killSupervisor(): Promise<void>
  /** Ctrl+C, which reaches the whole group; the exit code. */
  stop(): Promise<number>
}

const entry = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))
const open = 'Convoke is open'
const back = 'and is back after'
const outputCharactersMax = 256 * 1024

/** Starts the product on a data folder and free ports; rejects with its output when it ends before it is open. */
export async function runAsProcess(options: {
  readonly dataFolder: string
  readonly env?: Readonly<Record<string, string>>
  /** By `npm start`, as a person does, instead of by node. */
  readonly isByNpm?: boolean
}): Promise<ProductProcess> {
  const runningFile = join(options.dataFolder, runningFileName)
  await rm(runningFile, { force: true })
  const [command, args] = options.isByNpm ? ['npm', ['start']] : [process.execPath, [entry]]
  const child = spawn(command, args, {
    cwd: root,
    // A group of its own, so that the whole of it can be killed.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...outsideEnvironment(),
      CONVOKE_HTTP_PORT: '0',
      CONVOKE_SMTP_PORT: '0',
      CONVOKE_CONTROL_PORT: '0',
      CONVOKE_STRIPE_PORT: '0',
      CONVOKE_DNS_PORT: '0',
      // Of most tests and benches only the tenants' product is the matter; `env` has it on.
      CONVOKE_CONTROL: 'off',
      CONVOKE_DATA: options.dataFolder,
      NO_COLOR: '1',
      ...options.env,
    },
  })
  // A group of its own is not ended with its starter by anyone else.
  const endWithStarter = () => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'))
  process.once('exit', endWithStarter)
  child.once('exit', () => process.off('exit', endWithStarter))
  const terminal = readTerminal(child)
  await terminal.says(open, 1)
  let deaths = 0

  async function running(): Promise<Running> {
    const found = await readRunning(runningFile)
    if (found === undefined) throw new Error(`nothing runs on ${options.dataFolder}`)
    return found
  }

  return {
    dataFolder: options.dataFolder,
    output: terminal.output,
    running,
    async killWorkingChild() {
      const { pid } = await running()
      deaths += 1
      process.kill(pid, 'SIGKILL')
      await terminal.says(back, deaths)
    },
    async killAll() {
      if (child.pid === undefined) throw new Error('the product was never started')
      process.kill(-child.pid, 'SIGKILL')
      await terminal.ended
    },
    async killSupervisor() {
      child.kill('SIGKILL')
      await terminal.ended
    },
    async stop() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
      return terminal.ended
    },
  }
}

/** What a program needs of the machine; none of the caller's own settings of the product. */
function outsideEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CONVOKE_')))
}

/** Collects what a process writes, and waits until it has said some words so many times. */
function readTerminal(child: ChildProcess) {
  const times = new Map([
    [open, 0],
    [back, 0],
  ])
  let text = ''
  let isEnded = false
  const waiting = new Set<() => void>()
  const look = () => {
    for (const one of waiting) one()
  }
  const ended = new Promise<number>((resolve) => {
    child.on('close', (code) => {
      isEnded = true
      look()
      resolve(code ?? 1)
    })
  })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      text = `${text}${line}\n`.slice(-outputCharactersMax)
      for (const [words, count] of times) if (line.includes(words)) times.set(words, count + 1)
      look()
    })
  }
  return {
    ended,
    output: () => text,
    says: (words: string, atLeast: number) =>
      new Promise<void>((resolve, reject) => {
        const one = () => {
          const isSaid = (times.get(words) ?? 0) >= atLeast
          if (!isSaid && !isEnded) return
          waiting.delete(one)
          if (isSaid) resolve()
          else reject(new Error(`the product ended:\n${text}`))
        }
        waiting.add(one)
        one()
      }),
  }
}
