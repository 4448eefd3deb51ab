import Stripe from 'stripe'
import { isLoopbackHost } from '#shared/contracts/environment.ts'

export type StripeAccess = {
  /** `sk_test_…`, `sk_live_…` or a restricted `rk_…`. */
  readonly secretKey: string
  /** Of the local double; Stripe itself unless given. */
  readonly baseUrl?: string
  /** Stands in for the network where the double is in the same process. */
  readonly fetch?: typeof fetch
  /** Answers that were recorded of the double: the path with its query gives the answer's JSON. */
  readonly answer?: (path: string, method: string) => Promise<unknown>
}

/** Of one call; longer than Stripe's slowest answers, shorter than a function's time-out. */
const TIMEOUT_MS = 20_000

/** The client of Stripe: the same package and the same calls, whether Stripe or the local double answers. Throws when a live key would meet the double. */
export function openStripe({ secretKey, baseUrl, fetch, answer }: StripeAccess): Stripe {
  const common = {
    timeout: TIMEOUT_MS,
    // The package repeats what got no answer under the same idempotency key.
    maxNetworkRetries: 2,
    telemetry: false,
    ...(fetch === undefined ? {} : { httpClient: Stripe.createFetchHttpClient(fetch) }),
    ...(answer === undefined ? {} : { httpClient: recordedClient(answer) }),
  }
  if (baseUrl === undefined) return new Stripe(secretKey, common)
  const { protocol, hostname, port } = new URL(baseUrl)
  if (isLiveKey(secretKey)) throw new Error('a live key of Stripe is never sent to the local double')
  if (!isLoopbackHost(hostname)) throw new Error('the local double of Stripe is on this machine alone')
  return new Stripe(secretKey, {
    ...common,
    host: hostname,
    port: port === '' ? 80 : Number(port),
    protocol: protocol === 'https:' ? 'https' : 'http',
  })
}

function recordedClient(answer: NonNullable<StripeAccess['answer']>): Stripe.HttpClient {
  return {
    getClientName: () => 'recorded',
    async makeRequest(_host, _port, path, method) {
      const body = await answer(path, method)
      return {
        getStatusCode: () => 200,
        getHeaders: () => ({}),
        getRawResponse: () => body,
        toStream: () => body,
        toJSON: () => Promise.resolve(body),
      }
    },
  }
}

/** Anything that is not plainly a test key counts as live. */
export function isLiveKey(secretKey: string): boolean {
  return !/^[rs]k_test_/.test(secretKey)
}
