/** What every client of ours is made with; region and endpoint come from the SDK's environment variables. */
export type ClientTimes = {
  /** Milliseconds until the connection stands. */
  readonly connectionTimeout: number
  /** Milliseconds until the answer has begun, and of silence while it comes. */
  readonly requestTimeout: number
}

/**
 * Options of the SDK's own Node HTTP handler: keep-alive is its default; without `throwOnRequestTimeout` a request over
 * its time is only warned of.
 */
export function requestHandlerOptions(times: ClientTimes): {
  readonly connectionTimeout: number
  readonly requestTimeout: number
  readonly socketTimeout: number
  readonly throwOnRequestTimeout: true
} {
  return { ...times, socketTimeout: times.requestTimeout, throwOnRequestTimeout: true }
}
