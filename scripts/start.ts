import { fileURLToPath } from 'node:url'
import { controlLines, movedNotes } from '#control-plane/embedded/banner.ts'
import { ControlReady } from '#control-plane/embedded/told.ts'
import { type Environment, parseEnvironment } from '#shared/contracts/environment.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type Supervisor, supervise } from '#shared/runtime/supervisor.ts'
import { banner, portNotes } from '#tenant-stack/embedded/banner.ts'
import { Ready } from '#tenant-stack/embedded/told.ts'

// `npm start`: opens the whole product and keeps it open until Ctrl+C.

const say = (text: string) => void process.stdout.write(`${text}\n`)
const warn = (text: string) => void process.stderr.write(`${text}\n`)

function readSettings(): Environment | undefined {
  try {
    return parseEnvironment(process.env)
  } catch (error) {
    if (!isFailure(error, 'environment.invalid')) throw error
    warn(`Convoke cannot start with these settings:\n${error.message.replace(/^/gm, '  ')}`)
    return undefined
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

/** Compiled once: a restarted child is back sooner. */
const childEnvironment = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/convoke', import.meta.url)),
  ...process.env,
}

function sayReopened(what: string) {
  return (death: string, downMilliseconds: number) =>
    warn(`${what} died (${death}) and is back after ${(downMilliseconds / 1000).toFixed(1)} s; nothing is lost.`)
}

/** The two planes are strangers to each other, and so are their processes. `onReady` is called with what both have told. */
function superviseAll(
  isControlOn: boolean,
  onReady: (told: { readonly tenants: unknown; readonly control?: unknown }) => void,
): readonly Supervisor[] {
  const told: { tenants?: unknown; control?: unknown } = {}
  const look = () => {
    if (told.tenants === undefined || (isControlOn && told.control === undefined)) return
    onReady({ tenants: told.tenants, ...(told.control === undefined ? {} : { control: told.control }) })
  }
  const onTrouble = (message: string) => warn(`Convoke: ${message}`)
  const tenants = supervise({
    entry: fileURLToPath(new URL('../tenant-stack/embedded/working-child.ts', import.meta.url)),
    env: childEnvironment,
    onReady(ready) {
      told.tenants = ready
      look()
    },
    onReopened: sayReopened('The working child'),
    onTrouble,
  })
  if (!isControlOn) return [tenants]
  const control = supervise({
    entry: fileURLToPath(new URL('../control-plane/embedded/working-child.ts', import.meta.url)),
    env: childEnvironment,
    onReady(ready) {
      told.control = ready
      look()
    },
    onReopened: sayReopened('The control plane'),
    onTrouble,
  })
  return [tenants, control]
}

async function run(): Promise<number> {
  const environment = readSettings()
  if (environment === undefined) return 1
  const supervisors = superviseAll(environment.control.isOn, ({ tenants, control }) => {
    const ready = Ready.parse(tenants)
    const controlReady = control === undefined ? undefined : ControlReady.parse(control)
    for (const note of [...portNotes(ready), ...(controlReady === undefined ? [] : movedNotes(controlReady))])
      warn(note)
    say(banner(ready, performance.now() / 1000, controlReady === undefined ? [] : controlLines(controlReady)))
  })
  const stop = () => {
    for (const supervisor of supervisors) supervisor.stop()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  stopWithNpm(stop)
  // One that cannot go on takes the other with it: half a product would look like a whole one.
  for (const supervisor of supervisors) void supervisor.ended.then(stopAfter(supervisors, supervisor))
  return Math.max(...(await Promise.all(supervisors.map(({ ended }) => ended))))
}

function stopAfter(supervisors: readonly Supervisor[], ended: Supervisor) {
  return () => {
    for (const supervisor of supervisors) if (supervisor !== ended) supervisor.stop()
  }
}

process.exitCode = await run()
