import { Readable } from 'node:stream'
import * as z from 'zod'
import { CliFailure } from './cli-failure.ts'

export type ApiOptions = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Instead of a body: a form with a file. */
  readonly form?: FormData
}

const Problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
const answerMilliseconds = 30_000

/** Calls an API with JSON in and out. Throws `cli.refused` with the API's own words, `cli.not_running`. */
export async function callApi(url: string, key: string, options: ApiOptions = {}): Promise<unknown> {
  const response = await ask(url, key, options)
  if (response.ok) return response.json().catch(() => undefined)
  throw await refusalOf(response)
}

/** What an API answers that is no JSON, as it comes. Throws as `callApi`. */
export async function streamApi(url: string, key: string): Promise<AsyncIterable<Uint8Array>> {
  const response = await ask(url, key, {})
  if (!response.ok) throw await refusalOf(response)
  return response.body ?? Readable.from([])
}

/** The API's own words. */
async function refusalOf(response: Response) {
  const body: unknown = await response.json().catch(() => undefined)
  const problem = Problem.safeParse(body).data
  const wrong = (problem?.errors ?? []).map(({ path, message }) => `  ${path}: ${message}`)
  return CliFailure.refused([problem?.detail ?? problem?.title ?? `HTTP ${response.status}`, ...wrong].join('\n'), {
    cause: body,
  })
}

/** One HTTP request; `cli.not_running` when nothing answers. */
export async function ask(
  url: string,
  key: string | undefined,
  { method = 'GET', body, headers, form }: ApiOptions,
): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(form === undefined ? {} : { body: form }),
      signal: AbortSignal.timeout(answerMilliseconds),
    })
  } catch (error) {
    throw CliFailure.not_running(`Nothing answers at ${new URL(url).origin}. Start it with: npm start`, {
      cause: error,
    })
  }
}
