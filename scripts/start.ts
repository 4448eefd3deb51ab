import { fileURLToPath } from 'node:url'
import { parseEnvironment } from '#shared/contracts/environment.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { supervise } from '#shared/runtime/supervisor.ts'
import { banner, portNotes } from '#tenant-stack/embedded/banner.ts'
import { Ready } from '#tenant-stack/embedded/told.ts'

// `npm start`: opens the whole product and keeps it open until Ctrl+C.

const say = (text: string) => void process.stdout.write(`${text}\n`)
const warn = (text: string) => void process.stderr.write(`${text}\n`)

function refuseWrongSettings(): boolean {
  try {
    parseEnvironment(process.env)
    return false
  } catch (error) {
    if (!isFailure(error, 'environment.invalid')) throw error
    warn(`Convoke cannot start with these settings:\n${error.message.replace(/^/gm, '  ')}`)
    return true
  }
}

/** npm runs a script through a shell that passes no signal on: when that shell is gone, somebody ended `npm start`. */
function stopWithNpm(stop: () => void): void {
  if (process.env.npm_lifecycle_event !== 'start') return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, 500)
  watch.unref()
}

async function run(): Promise<number> {
  if (refuseWrongSettings()) return 1
  const supervisor = supervise({
    entry: fileURLToPath(new URL('../tenant-stack/embedded/working-child.ts', import.meta.url)),
    // Compiled once: a restarted child is back sooner.
    env: {
      NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/convoke', import.meta.url)),
      ...process.env,
    },
    onReady(told) {
      const ready = Ready.parse(told)
      for (const note of portNotes(ready)) warn(note)
      say(banner(ready, performance.now() / 1000))
    },
    onReopened: (death, downMilliseconds) =>
      warn(
        `The working child died (${death}) and is back after ${(downMilliseconds / 1000).toFixed(1)} s; nothing is lost.`,
      ),
    onTrouble: (message) => warn(`Convoke: ${message}`),
  })
  process.on('SIGINT', () => supervisor.stop())
  process.on('SIGTERM', () => supervisor.stop())
  stopWithNpm(() => supervisor.stop())
  return supervisor.ended
}

process.exitCode = await run()
