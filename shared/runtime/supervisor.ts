import { type ChildProcess, fork } from 'node:child_process'
import { ChildMessage, stopMessage } from './child-message.ts'

export type SupervisorOptions = {
  /** The file that the child runs. */
  readonly entry: string
  /** The child's whole environment; after its first start the ports it took are added, so that they stay the same. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** First time: it is open; `told` is what the child has to say. Later: it is open again, `downMilliseconds` after it died. */
  readonly onReady: (told: unknown) => void
  readonly onReopened: (death: string, downMilliseconds: number) => void
  /** A sentence for the person who started the product. */
  readonly onTrouble: (message: string) => void
}

export type Supervisor = {
  /** Resolves with the exit code when the child has ended and will not be started again. */
  readonly ended: Promise<number>
  /** Ends the child gracefully; a second call ends it at once. */
  stop(): void
}

/** Deaths in a row before the doors are open: what kills it then will kill it again. */
const deathsBeforeReadyMax = 5
/** A child that fails by itself soon after it was ready is given a pause, so that a crash loop does not burn the machine. */
const crashPauseMilliseconds = 1000
const quickDeathMilliseconds = 10_000
const stopMillisecondsMax = 10_000

/** Keeps one working child alive: started, restarted when it dies, ended with the supervisor. */
export function supervise(options: SupervisorOptions): Supervisor {
  let child: ChildProcess | undefined
  let ports: Readonly<Record<string, string>> = {}
  let deathsBeforeReady = 0
  let death: { readonly how: string; readonly at: number } | undefined
  let isStopping = false
  let restart: NodeJS.Timeout | undefined
  let settle: (code: number) => void = () => undefined
  const ended = new Promise<number>((resolve) => {
    settle = resolve
  })

  function start(): void {
    const startedAt = performance.now()
    let isReady = false
    let isRefused = false
    const started = fork(options.entry, {
      env: { ...options.env, ...ports },
      // Young objects get less room than V8 gives them: a list of a hundred thousand then takes 206 MB instead of 410, at the same speed.
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'],
    })
    child = started
    started.on('message', (received) => {
      const message = ChildMessage.parse(received)
      if (message.kind === 'refused') {
        isRefused = true
        options.onTrouble(message.message)
        return
      }
      isReady = true
      deathsBeforeReady = 0
      ports = Object.fromEntries(Object.entries(message.ports).map(([name, port]) => [name, String(port)]))
      if (death === undefined) options.onReady(message.told)
      else options.onReopened(death.how, performance.now() - death.at)
    })
    started.on('error', (error) => options.onTrouble(`The working child could not be started: ${error.message}`))
    started.on('exit', (code, signal) => {
      if (isStopping) return settle(code ?? 0)
      if (isRefused) return settle(1)
      death = { how: signal ?? `exit ${code}`, at: performance.now() }
      if (!isReady && ++deathsBeforeReady >= deathsBeforeReadyMax) {
        options.onTrouble(
          `Convoke died ${deathsBeforeReady} times in a row before it was ready (${death.how}); what it said is above.`,
        )
        return settle(1)
      }
      restart = setTimeout(start, pauseOf(isReady, signal, performance.now() - startedAt))
    })
  }

  function pauseOf(isReady: boolean, signal: string | null, livedMilliseconds: number): number {
    if (!isReady) return 100 * 2 ** deathsBeforeReady
    return signal === null && livedMilliseconds < quickDeathMilliseconds ? crashPauseMilliseconds : 0
  }

  start()
  return {
    ended,
    stop() {
      if (isStopping) return void child?.kill('SIGKILL')
      isStopping = true
      clearTimeout(restart)
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return settle(0)
      if (child.connected) child.send(stopMessage)
      else child.kill('SIGTERM')
      setTimeout(() => child?.kill('SIGKILL'), stopMillisecondsMax).unref()
    },
  }
}
