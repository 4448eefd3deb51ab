import type { Log } from '#shared/platform/small-ports.ts'

export type SweepTask = { readonly name: string; readonly everySeconds: number; readonly sweep: () => Promise<void> }

export type Sweeper = { stop(): Promise<void> }

/**
 * Runs every sweep once at the start, for what a crash left behind, and then on its schedule. A sweep that still runs when
 * its time comes is not started twice; one that throws is logged and runs again next time.
 */
export function startSweeper(tasks: readonly SweepTask[], log: Log): Sweeper {
  const running = new Map<string, Promise<void>>()

  function run({ name, sweep }: SweepTask): void {
    if (running.has(name)) return
    const work = sweep()
      .catch((error: unknown) => {
        log.error({ at: 'sweep', sweep: name, error: error instanceof Error ? error.message : String(error) })
      })
      .finally(() => running.delete(name))
    running.set(name, work)
  }

  for (const task of tasks) run(task)
  const timers = tasks.map((task) => setInterval(() => run(task), task.everySeconds * 1000))
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running.values())
    },
  }
}
