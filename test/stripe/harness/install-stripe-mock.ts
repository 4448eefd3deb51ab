import { execFile } from 'node:child_process'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

/** Stripe's own mock server and the one version of it that the suite was read against; its OpenAPI file lies in the same module. */
export const STRIPE_MOCK = 'github.com/stripe/stripe-mock@v0.203.0'

const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/convoke-stripe-mock/', import.meta.url))
const INSTALL_MILLISECONDS_MAX = 10 * 60_000

const Module = z.object({ Dir: z.string() })

export type StripeMock = { readonly program: string; readonly specFile: string }

/** The program and the OpenAPI file it serves; built by `go install` at the first call. Throws one clear line when that cannot be. */
export async function installStripeMock(): Promise<StripeMock> {
  const home = join(CACHE, STRIPE_MOCK.slice(STRIPE_MOCK.indexOf('@') + 1))
  const program = join(home, process.platform === 'win32' ? 'stripe-mock.exe' : 'stripe-mock')
  await mkdir(home, { recursive: true })
  const found = await run(['mod', 'download', '-json', STRIPE_MOCK], home)
  const { Dir: folder } = Module.parse(JSON.parse(found))
  const isBuilt = await stat(program).then(
    () => true,
    () => false,
  )
  if (!isBuilt) await run(['install', STRIPE_MOCK], home)
  return { program, specFile: join(folder, 'embedded', 'openapi', 'spec3.json') }
}

function run(args: readonly string[], home: string): Promise<string> {
  const env = { ...process.env, GOBIN: home, GOFLAGS: '-mod=mod' }
  return new Promise((resolve, reject) => {
    execFile('go', args, { cwd: home, env, timeout: INSTALL_MILLISECONDS_MAX }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else if ('code' in error && error.code === 'ENOENT')
        reject(new Error('stripe-mock needs Go, and none was found on PATH: install Go 1.22 or newer'))
      else
        reject(new Error(`stripe-mock cannot be had: go ${args[0]} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`))
    })
  })
}
