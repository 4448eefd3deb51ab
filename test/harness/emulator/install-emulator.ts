import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The outside emulator and the one version of it that the suite was read against. */
export const EMULATOR_PACKAGE = 'ministack==1.5.33'

const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/convoke-emulator/', import.meta.url))
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']
const IS_NEW_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 10))'
const INSTALL_MILLISECONDS_MAX = 5 * 60_000

/**
 * The Python of a virtual environment that has the emulator; made at the first call, in the cache folder.
 * An environment is made aside and renamed whole, so a run that dies leaves none half made and two runs do not meet.
 */
export async function installEmulator(): Promise<string> {
  const home = join(CACHE, EMULATOR_PACKAGE.replaceAll('=', '-'))
  if (!(await exists(home))) await makeEnvironment(home)
  return pythonOf(home)
}

async function makeEnvironment(home: string): Promise<void> {
  const python = await findPython()
  const draft = `${home}.${randomUUID().slice(0, 8)}`
  await mkdir(CACHE, { recursive: true })
  try {
    await demand(python, ['-m', 'venv', draft], `${python} cannot make a virtual environment (install python3-venv)`)
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:']
    await demand(
      pythonOf(draft),
      [...pip, EMULATOR_PACKAGE],
      `pip cannot install ${EMULATOR_PACKAGE} (is PyPI reachable?)`,
    )
    await rename(draft, home).catch(async (error: unknown) => {
      // Another run was faster; its environment is as good.
      if (!(await exists(home))) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function findPython(): Promise<string> {
  for (const python of PYTHONS) if ((await run(python, ['-c', IS_NEW_ENOUGH])) === undefined) return python
  throw new Error('the AWS emulator needs Python 3.10 or newer, and none was found on PATH: install python3')
}

async function demand(command: string, args: readonly string[], what: string): Promise<void> {
  const trouble = await run(command, args)
  if (trouble !== undefined) throw new Error(`the AWS emulator cannot be had: ${what}: ${trouble}`)
}

/** Undefined when the command ended well, otherwise the last line it said. */
function run(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: INSTALL_MILLISECONDS_MAX }, (error, stdout, stderr) => {
      if (error === null) return resolve(undefined)
      const said = `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? ''
      return resolve(said === '' ? error.message.trim().split('\n').at(-1) : said)
    })
  })
}

function pythonOf(home: string): string {
  return process.platform === 'win32' ? join(home, 'Scripts', 'python.exe') : join(home, 'bin', 'python')
}

async function exists(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined
}
