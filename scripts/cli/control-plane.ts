import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { ControlRunning, controlRunningFileName } from '#control-plane/embedded/running-file.ts'
import { vendorKeyFileName } from '#control-plane/embedded/vendor-key-file.ts'
import { parseEnvironment } from '#shared/contracts/environment.ts'
import { readJsonFile, readTextFile } from '#shared/runtime/whole-file.ts'
import { type ApiOptions, callApi, streamApi } from './call-api.ts'
import { CliFailure } from './cli-failure.ts'

/** The running control plane as a verb sees it. */
export type ControlPlane = {
  readonly baseUrl: string
  /** Calls its API; `path` begins behind /v1. Throws `cli.refused` with the API's own words, `cli.not_running`. */
  api(path: string, options?: ApiOptions): Promise<unknown>
  /** The same for an answer that is no JSON, as it comes. */
  stream(path: string): Promise<AsyncIterable<Uint8Array>>
}

/** What an act would have asked, instead of asking it. */
export class DryRun extends Error {
  readonly asked: { readonly method: string; readonly path: string; readonly body?: unknown }

  constructor(asked: DryRun['asked']) {
    super('dry run')
    this.asked = asked
  }
}

/**
 * Finds the control plane of these settings: by the note it keeps while it runs, else where the settings say; `CONVOKE_CONTROL_URL` and
 * `CONVOKE_CONTROL_KEY` name another one. With `isDry` the first call that would change something throws a `DryRun` instead.
 */
export async function findControlPlane(
  env: Readonly<Record<string, string | undefined>>,
  isDry: boolean,
): Promise<ControlPlane> {
  const environment = parseEnvironment(env)
  const running = await readJsonFile(join(environment.dataFolder, controlRunningFileName), ControlRunning)
  const { url, key: givenKey, httpPort } = environment.control
  const baseUrl = url ?? running?.baseUrl ?? `http://${environment.http.host}:${httpPort}`
  const key = async () => {
    const found = givenKey ?? (await readTextFile(join(environment.dataFolder, vendorKeyFileName)))?.trim()
    if (found === undefined)
      throw CliFailure.no_key(
        `There is no key of the vendor in ${environment.dataFolder} yet. Start Convoke once with: npm start`,
      )
    return found
  }
  return {
    baseUrl,
    stream: async (path) => streamApi(`${baseUrl}/v1${path}`, await key()),
    async api(path, options = {}) {
      const { method = 'GET', body } = options
      if (isDry && method !== 'GET')
        throw new DryRun({ method, path: `/v1${path}`, ...(body === undefined ? {} : { body }) })
      // A request that is sent again after a broken connection must not act twice.
      const headers = method === 'POST' ? { 'idempotency-key': randomUUID(), ...options.headers } : options.headers
      return callApi(`${baseUrl}/v1${path}`, await key(), { ...options, ...(headers === undefined ? {} : { headers }) })
    },
  }
}
