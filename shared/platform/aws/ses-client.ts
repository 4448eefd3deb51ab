import { SESv2Client } from '@aws-sdk/client-sesv2'
import type { Clock } from '../small-ports.ts'
import { type ClientTimes, requestHandlerOptions } from './client-options.ts'

/** A send that is not answered by then is ambiguous, and costs 15 minutes of waiting: so be patient. */
const TIMES = { connectionTimeout: 3000, requestTimeout: 20_000 }

/**
 * Lambda freezes a function between its calls, and a connection that SES has closed meanwhile looks open on waking: the first send over it would
 * break off and be ambiguous. Sends of one call follow each other within less than this.
 */
const IDLE_MS_MAX = 5000

/**
 * Clients of SES: the same while it is in use, a new one with new connections after a pause. One attempt per call: a retried send is a second
 * mail to a person. Tests give a shorter patience.
 */
export function createSesClients({ clock, times = TIMES }: { readonly clock: Clock; readonly times?: ClientTimes }) {
  let known: { readonly client: SESv2Client; readonly usedAt: number } | undefined
  return (): SESv2Client => {
    const usedAt = clock.now()
    const isFresh = known !== undefined && usedAt - known.usedAt <= IDLE_MS_MAX
    // The old one is left to end by itself: a slow send may still be under way in it.
    const client = isFresh && known !== undefined ? known.client : createSesClient(times)
    known = { client, usedAt }
    return client
  }
}

function createSesClient(times: ClientTimes): SESv2Client {
  return new SESv2Client({ maxAttempts: 1, requestHandler: requestHandlerOptions(times) })
}
