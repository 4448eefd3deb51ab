import { Resolver } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { WebhookAnswer, WebhookCall, WebhookDoor } from '../webhook-door.ts'
import { isAddress, isLoopbackName, isPublicAddress } from './public-address.ts'
import { signWebhook } from './sign-webhook.ts'

/** Ports that servers of the web speak TLS on; any other may be another service's. */
const WEB_PORTS: readonly number[] = [443, 8443]

/** From the first question to the name server to the end of the answer's head. */
const CALL_MS = 10_000

/** Of an answer, so much is read and kept: enough to see what went wrong. */
const ANSWER_BYTES_MAX = 1024

/** Long addresses are no addresses of people's servers. */
const URL_CHARS_MAX = 2048

export type WebhookDoorOptions = {
  /** Addresses of a host name, of both families; throws when there are none. */
  readonly resolve?: (hostName: string) => Promise<readonly string[]>
  /** For developing on one machine: its own addresses are called too, by http as well. */
  readonly isLoopbackAllowed?: boolean
  readonly callMs?: number
  readonly ports?: readonly number[]
  /** Trusted besides those that Node trusts, PEM. */
  readonly ca?: string
  /** Where a checked address really is; a test's server stands for it. */
  readonly connectTo?: (address: string) => { readonly host: string; readonly port: number } | undefined
}

type Checked = { readonly url: URL; readonly hostName: string; readonly isLoopback: boolean }

/** The door to the network as it is. */
export function createWebhookDoor(options: WebhookDoorOptions = {}): WebhookDoor {
  const { resolve = resolvePublicly, callMs = CALL_MS } = options
  return {
    async refusalOf(text) {
      const checked = check(text, options)
      return typeof checked === 'string' ? checked : undefined
    },
    async call(call) {
      const checked = check(call.url, options)
      if (typeof checked === 'string') return { kind: 'refused', reason: checked }
      const signal = AbortSignal.timeout(callMs)
      const addresses = await addressesOf(checked, resolve, signal)
      if (addresses === undefined) return { kind: 'failed', reason: signal.aborted ? 'timeout' : 'dns' }
      // One that is not public among others is refused as a whole: the next question might be answered with it alone.
      if (!checked.isLoopback && !addresses.every(isPublicAddress))
        return { kind: 'refused', reason: 'its name leads to an address that is not public' }
      const address = addresses.find((one) => !one.includes(':')) ?? addresses[0]
      if (address === undefined) return { kind: 'failed', reason: 'dns' }
      return post(checked, address, call, signal, options)
    },
  }
}

/** What the text of an address says: a reason against it, or what to call. WHATWG's parser has made `0x7f.1` and the like plain by then. */
function check(text: string, { isLoopbackAllowed = false, ports = WEB_PORTS }: WebhookDoorOptions): Checked | string {
  if (text.length > URL_CHARS_MAX || !URL.canParse(text)) return 'it is not an address'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return 'it holds a name or a password'
  const hostName = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  const isLoopback = isLoopbackAllowed && isLoopbackName(hostName)
  if (isLoopback) return /^https?:$/.test(url.protocol) ? { url, hostName, isLoopback } : 'it is not https'
  if (url.protocol !== 'https:') return 'it is not https'
  if (isAddress(hostName)) return 'it names a host by number'
  if (!hostName.includes('.')) return 'its host is not one of the public internet'
  if (!ports.includes(portOf(url))) return `its port is none of ${ports.join(', ')}`
  return { url, hostName, isLoopback }
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'http:' ? 80 : 443
}

/** Undefined: there are none, or they did not come in time. */
async function addressesOf(
  { hostName, isLoopback }: Checked,
  resolve: (hostName: string) => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  if (isLoopback) return [hostName === 'localhost' ? '127.0.0.1' : hostName]
  const late = new Promise<undefined>((give) => {
    signal.addEventListener('abort', () => give(undefined), { once: true })
  })
  // Whatever a name server says to spoil the question, there is no address.
  const found = resolve(hostName).catch(() => undefined)
  return Promise.race([found, late])
}

/** The name servers' own answers: no file of hosts, no search domain. */
async function resolvePublicly(hostName: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  const answers = await Promise.allSettled([resolver.resolve4(hostName), resolver.resolve6(hostName)])
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
}

/** Connects to the address, not to the name: what was checked is what is called. TLS still proves the name. */
function post(
  { url, hostName }: Checked,
  address: string,
  call: WebhookCall,
  signal: AbortSignal,
  { ca, connectTo }: WebhookDoorOptions,
): Promise<WebhookAnswer> {
  const { host, port } = connectTo?.(address) ?? { host: address, port: portOf(url) }
  const body = Buffer.from(call.body)
  const request: RequestOptions = {
    host,
    port,
    method: 'POST',
    path: `${url.pathname}${url.search}`,
    // A connection of its own, by no agent: nothing is kept open, and no proxy of the environment is asked.
    agent: false,
    signal,
    headers: {
      host: url.host,
      'content-type': 'application/json',
      'content-length': body.length,
      'user-agent': 'Convoke-Webhooks/1',
      'webhook-id': call.webhookId,
      'webhook-timestamp': String(call.sentAt),
      'webhook-signature': signWebhook(call),
    },
  }
  return new Promise((give) => {
    let isAnswered = false
    const answered = (response: IncomingMessage) => {
      isAnswered = true
      void readStart(response, signal).then(give)
    }
    const sending =
      url.protocol === 'https:'
        ? httpsRequest(
            {
              ...request,
              ...(isAddress(hostName) ? {} : { servername: hostName }),
              ...(ca === undefined ? {} : { ca }),
            },
            answered,
          )
        : httpRequest(request, answered)
    sending.on('error', (error) => {
      // What breaks off behind the head of an answer does not take the answer back.
      if (!isAnswered) give({ kind: 'failed', reason: signal.aborted ? 'timeout' : reasonOf(error) })
    })
    sending.end(body)
  })
}

/** The status counts from its arrival on; of the body the beginning is kept, and the rest is not read. */
async function readStart(response: IncomingMessage, signal: AbortSignal): Promise<WebhookAnswer> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of response) {
      const bytes = Buffer.from(part)
      parts.push(bytes)
      length += bytes.length
      if (length >= ANSWER_BYTES_MAX || signal.aborted) break
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
  } finally {
    response.destroy()
  }
  const text = Buffer.concat(parts).subarray(0, ANSWER_BYTES_MAX).toString('utf8')
  return { kind: 'answered', status: response.statusCode ?? 0, text }
}

function reasonOf(error: Error): 'tls' | 'connection' {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_)/.test(code) ? 'tls' : 'connection'
}
