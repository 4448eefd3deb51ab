import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { EMULATOR_PACKAGE, installEmulator } from './install-emulator.ts'

export type Emulator = {
  readonly endpoint: string
  readonly port: number
  /** File of the certificate, where it speaks TLS. */
  readonly certificate: string | undefined
  /** What it printed so far, its last 5,000 lines. */
  readonly logs: () => string
  /** Ends it and every process it started. */
  readonly stop: () => Promise<void>
}

export type EmulatorOptions = {
  /**
   * IAM policies then decide; access keys that are an account id (12 digits) or `test` are that account's root. It then speaks TLS,
   * since policies that refuse anything else are among those that decide; this process is made to trust its certificate.
   */
  readonly auth?: boolean
  /** For it and for every function it runs. */
  readonly env?: Readonly<Record<string, string>>
}

/** In its temporary folder. */
const CERTIFICATE = 'ministack-tls/server.crt'

const LAUNCHER = fileURLToPath(new URL('launch.py', import.meta.url))
const START_MILLISECONDS_MAX = 60_000
const LOG_LINES_MAX = 5000

/** Starts the emulator on a free loopback port, with state of its own that ends with it. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const python = await installEmulator()
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'convoke-emulator-'))
  const child = spawn(python, [LAUNCHER], {
    cwd: folder,
    env: environment(port, folder, options),
    stdio: ['pipe', 'pipe', 'pipe'],
    // A process group of its own, so that its Lambda workers end with it.
    detached: process.platform !== 'win32',
  })
  const logs = collectLines(child)
  const certificate = options.auth === true ? join(folder, CERTIFICATE) : undefined
  const emulator: Emulator = {
    endpoint: `${options.auth === true ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    certificate,
    logs,
    async stop() {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await ready(emulator, child)
    return emulator
  } catch (error) {
    await emulator.stop()
    throw error
  }
}

function environment(port: number, folder: string, { auth = false, env = {} }: EmulatorOptions): NodeJS.ProcessEnv {
  const { PATH = '', HOME, LANG, SystemRoot } = process.env
  return {
    HOME,
    LANG,
    SystemRoot,
    // Its Lambda workers are whatever `node` comes first.
    PATH: [dirname(process.execPath), PATH].join(delimiter),
    TMPDIR: folder,
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    AUTH: String(auth),
    USE_SSL: auth ? '1' : '0',
    LOG_LEVEL: 'INFO',
    LAMBDA_EXECUTOR: 'local',
    // No container engine is looked for, whatever this machine has.
    DOCKER_HOST: `unix://${join(folder, 'no-docker')}`,
    PERSIST_STATE: '0',
    STATE_DIR: join(folder, 'state'),
    S3_PERSIST: '0',
    S3_DATA_DIR: join(folder, 's3'),
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
    ...env,
  }
}

async function ready(emulator: Emulator, child: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + START_MILLISECONDS_MAX
  while (Date.now() < giveUpAt) {
    if (child.exitCode !== null) break
    if (emulator.certificate !== undefined) await trust(emulator.certificate)
    const answer = await fetch(`${emulator.endpoint}/_ministack/ready`).catch(() => undefined)
    if (answer?.ok === true) return
    await delay(50)
  }
  throw new Error(`the AWS emulator ${EMULATOR_PACKAGE} did not start; it said:\n${emulator.logs()}`)
}

/** The certificate is made at the start; until it is there nothing answers anyway. */
async function trust(certificate: string): Promise<void> {
  const pem = await readFile(certificate, 'utf8').catch(() => undefined)
  if (pem?.includes('END CERTIFICATE') !== true || getCACertificates('default').includes(pem)) return
  setDefaultCACertificates([...getCACertificates('default'), pem])
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })
  if (child.pid !== undefined && process.platform !== 'win32') killGroup(child.pid)
  // Windows has no groups: the launcher ends when its input does.
  else child.stdin?.end()
  await ended
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // Gone already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function collectLines({ stdout, stderr }: ChildProcess): () => string {
  let lines: string[] = []
  for (const stream of [stdout, stderr])
    stream?.on('data', (chunk: Buffer) => {
      lines.push(
        ...chunk
          .toString()
          .split('\n')
          .filter((line) => line !== ''),
      )
      if (lines.length > LOG_LINES_MAX) lines = lines.slice(-LOG_LINES_MAX)
    })
  return () => lines.join('\n')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('no port was given'))
      })
    })
  })
}
