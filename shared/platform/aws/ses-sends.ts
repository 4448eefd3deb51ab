import type { SendEmailRequest } from '@aws-sdk/client-sesv2'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { Sha256Node } from '@smithy/core/checksum'
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Clock } from '../small-ports.ts'
import { type ClientTimes, requestHandlerOptions } from './client-options.ts'
import { responseError, textOfBody } from './ses-answer.ts'
import type { SesPlace } from './ses-place.ts'

/** A send that is not answered by then is ambiguous, and costs 15 minutes of waiting: so be patient. */
const TIMES = { connectionTimeout: 3000, requestTimeout: 20_000 }

/**
 * Lambda freezes a function between its calls, and a connection that SES has closed meanwhile looks open on waking: the first send over it would
 * break off and be ambiguous. Sends of one call follow each other within less than this.
 */
const IDLE_MS_MAX = 5000

/** SESv2 API, SendEmail: `POST /v2/email/outbound-emails`. */
const PATH = '/v2/email/outbound-emails'

/** A raw mail; its octets instead of the API's base64. */
export type RawSend = Omit<SendEmailRequest, 'Content'> & { readonly raw: Uint8Array }

/**
 * One call of SendEmail, tried once: a retried send is a second mail to a person. Its errors are those of the SDK: named by the service, with
 * `$metadata.httpStatusCode` where an answer came.
 */
export type SesSend = (send: RawSend) => Promise<{ readonly messageId: string | undefined }>

/**
 * SendEmail by the SDK's parts (its signer, its credentials, its HTTP handler) without its middleware, which is three quarters of what a mail costs. The
 * same connection while it is in use, a new one after a pause. Tests give a shorter patience.
 */
export function createSesSends(options: {
  readonly place: SesPlace
  readonly clock: Clock
  readonly times?: ClientTimes
}): SesSend {
  const { place, clock, times = TIMES } = options
  if (place.region === '') throw new Error('AWS_REGION says no region')
  const url = new URL(place.endpoint ?? `https://email.${place.region}.amazonaws.com`)
  const signer = new SignatureV4({
    service: 'ses',
    region: place.region,
    credentials: defaultProvider(),
    sha256: Sha256Node,
  })
  const handlerOf = handlers(clock, times)
  return async ({ raw, ...rest }) => {
    const Data = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('base64')
    const body = Buffer.from(JSON.stringify({ ...rest, Content: { Raw: { Data } } }))
    const request = await signer.sign(requestOf(url, body), { signingDate: new Date(clock.now()) })
    const { response } = await handlerOf().handle(new HttpRequest(request))
    return readAnswer(response)
  }
}

function requestOf(url: URL, body: Buffer): HttpRequest {
  return new HttpRequest({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: PATH,
    // What else the SDK sends is for its own statistics.
    headers: {
      host: url.host,
      'content-type': 'application/json',
      'content-length': String(body.length),
    },
    body,
  })
}

function handlers(clock: Clock, times: ClientTimes) {
  let known: { readonly handler: NodeHttpHandler; readonly usedAt: number } | undefined
  return (): NodeHttpHandler => {
    const usedAt = clock.now()
    const isFresh = known !== undefined && usedAt - known.usedAt <= IDLE_MS_MAX
    // The old one is left to end by itself: a slow send may still be under way in it.
    const handler = isFresh && known !== undefined ? known.handler : new NodeHttpHandler(requestHandlerOptions(times))
    known = { handler, usedAt }
    return handler
  }
}

async function readAnswer(response: HttpResponse): Promise<{ readonly messageId: string | undefined }> {
  const text = await textOfBody(response.body)
  if (response.statusCode >= 300) throw responseError(response, text)
  // Whatever is no JSON did not come from SES: the mail may have been taken.
  const answer: unknown = JSON.parse(text)
  const hasId = typeof answer === 'object' && answer !== null && 'MessageId' in answer
  return { messageId: hasId && typeof answer.MessageId === 'string' ? answer.MessageId : undefined }
}
