import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** CPU time of this process and its children since the stopwatch was started. */
export type CpuWatch = { readonly microseconds: () => number }

/**
 * Starts a stopwatch over this process and the children it has now. Node tells its own CPU time only, so the children's is the
 * kernel's count of nanoseconds for each of their threads; where there is no such count there is no figure.
 */
export function watchCpu(): CpuWatch {
  if (process.platform !== 'linux')
    throw new Error('the CPU time of a child process is read from /proc, on Linux alone')
  const children = childrenOf(process.pid)
  const own = process.cpuUsage()
  const before = sum(children.map(cpuNanoseconds))
  return {
    microseconds: () => {
      const now = childrenOf(process.pid)
      if (now.join() !== children.join()) throw new Error('a child process was replaced while it was measured')
      const used = process.cpuUsage(own)
      const ofChildren = sum(now.map(cpuNanoseconds)) - before
      return used.user + used.system + ofChildren / 1000
    },
  }
}

const LOOKS_MAX = 100
const LOOK_EVERY_MS = 100
/** A process at rest still has a timer or two. */
const REST_NANOSECONDS = 2e6

/** Children warm up by themselves after they say ready (compiling, freeing); measured work begins when they are still. */
export async function childrenAtRest(): Promise<void> {
  let last = Number.NEGATIVE_INFINITY
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const now = sum(childrenOf(process.pid).map(cpuNanoseconds))
    if (now - last < REST_NANOSECONDS) return
    last = now
    await delay(LOOK_EVERY_MS)
  }
  throw new Error('a child process is never at rest: its CPU time cannot be told from the work')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

function childrenOf(parent: number): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids
    .filter((pid) => parentOf(pid) === parent)
    .map(Number)
    .sort((a, b) => a - b)
}

function parentOf(pid: string): number | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // The name in parentheses may hold anything; state and parent follow the last one.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function cpuNanoseconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  return sum(threads.map((thread) => Number(read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0)))
}

/** Undefined when the process ended meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined
    throw error
  }
}
