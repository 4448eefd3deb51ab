import { SESv2Client } from '@aws-sdk/client-sesv2'
import { requestHandlerOptions } from './client-options.ts'

/** A send that is not answered by then is ambiguous, and costs 15 minutes of waiting: so be patient. */
const TIMES = { connectionTimeout: 3000, requestTimeout: 20_000 }

/** One attempt per call: a retried send is a second mail to a person. Tests give a shorter patience. */
export function createSesClient(times = TIMES): SESv2Client {
  return new SESv2Client({ maxAttempts: 1, requestHandler: requestHandlerOptions(times) })
}
