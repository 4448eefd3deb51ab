import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runningFileName } from '#shared/contracts/embedded-running.ts'
import { parseEnvironment } from '#shared/contracts/environment.ts'
import { demoKeyFileName } from '#tenant-stack/embedded/demo-key-file.ts'
import { readRunning } from '#tenant-stack/embedded/running-file.ts'
import { type ApiOptions, ask, callApi, streamApi } from './call-api.ts'
import { CliFailure } from './cli-failure.ts'

/** The running product as a verb sees it. */
export type Product = {
  readonly smtp: { readonly host: string; readonly port: number }
  readonly createAddress: string
  /** Calls the API; `path` begins behind /v1. Throws `cli.refused` with the API's own words, `cli.not_running`. */
  api(path: string, options?: ApiOptions): Promise<unknown>
  /** What the API answers that is no JSON, as it comes. Throws as `api`. */
  stream(path: string): Promise<AsyncIterable<Uint8Array>>
  /** The bytes of a page of this machine; undefined where there is none. Throws `cli.not_running`, `cli.refused`. */
  page(path: string): Promise<Uint8Array | undefined>
}

/** Finds the product of these settings: by the note it keeps while it runs, else where the settings say. */
export async function findProduct(env: Readonly<Record<string, string | undefined>>): Promise<Product> {
  const environment = parseEnvironment(env)
  const running = await readRunning(join(environment.dataFolder, runningFileName))
  const findKey = async () => environment.apiKey ?? (await readKey(join(environment.dataFolder, demoKeyFileName)))
  const baseUrl = running?.baseUrl ?? `http://${environment.http.host}:${environment.http.port}`
  return {
    smtp: {
      host: running?.smtpHost ?? environment.smtp.host,
      port: running?.smtpPort ?? environment.smtp.port,
    },
    createAddress: `${environment.mailboxes.create}@${environment.domainName}`,
    api: async (path, options = {}) => callApi(`${baseUrl}/v1${path}`, await findKey(), options),
    stream: async (path) => streamApi(`${baseUrl}/v1${path}`, await findKey()),
    async page(path) {
      const response = await ask(`${baseUrl}${path}`, undefined, {})
      if (response.status === 404) return undefined
      if (!response.ok) throw CliFailure.refused(`HTTP ${response.status} at ${path}`)
      return new Uint8Array(await response.arrayBuffer())
    },
  }
}

async function readKey(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw CliFailure.no_key(`There is no demo key at ${file} yet. Start Convoke once with: npm start`, { cause: error })
  }
}
