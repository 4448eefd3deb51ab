import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import * as z from 'zod'

/** SESv2's SendEmail body as far as a raw mail uses it. */
const SendEmailBody = z.object({
  FromEmailAddress: z.string().optional(),
  FeedbackForwardingEmailAddress: z.string().optional(),
  Destination: z.object({ ToAddresses: z.array(z.string()).default([]) }).default({ ToAddresses: [] }),
  Content: z.object({ Raw: z.object({ Data: z.string() }) }),
  EmailTags: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  ConfigurationSetName: z.string().optional(),
  TenantName: z.string().optional(),
})

export type SesMail = {
  readonly messageId: string
  readonly raw: Buffer
  readonly toAddresses: readonly string[]
  readonly feedbackForwardingEmailAddress: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly configurationSetName: string | null
  readonly tenantName: string | null
}

/** What happens to a send: `isTaken` tells whether the mail goes out all the same. */
export type SesBehaviour =
  | { readonly kind: 'accept' }
  /** Answers with a status and SES's name of the error; nothing is taken. */
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  /** Never answers; the connection stays open. */
  | { readonly kind: 'hang'; readonly isTaken: boolean }
  /** Closes the connection without an answer. */
  | { readonly kind: 'drop'; readonly isTaken: boolean }

export type CaptureSes = {
  readonly endpoint: string
  /** Every mail taken so far, in the order of their coming. */
  readonly mails: readonly SesMail[]
  /** For the next sends, `count` of them; what was told before comes first. */
  readonly behaveNext: (behaviour: SesBehaviour, count?: number) => void
  readonly close: () => Promise<void>
}

const SEND_PATH = '/v2/email/outbound-emails'

/**
 * Stands where SESv2 is (`AWS_ENDPOINT_URL_SESV2`): keeps mails byte for byte, which the emulator does not (it rebuilds a
 * raw mail), and hands every other call on to the emulator, when one is given.
 */
export async function captureSes(options: { readonly forwardTo?: string } = {}): Promise<CaptureSes> {
  const mails: SesMail[] = []
  const planned: SesBehaviour[] = []
  const sockets = new Set<Socket>()

  async function takeSend(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const sent = SendEmailBody.safeParse(JSON.parse((await buffer(incoming)).toString()))
    if (!sent.success) return answerJson(answer, 400, { message: sent.error.message }, 'BadRequestException')
    const behaviour = planned.shift() ?? { kind: 'accept' }
    if (behaviour.kind === 'refuse')
      return answerJson(answer, behaviour.status, { message: 'told to refuse' }, behaviour.code)
    const messageId = `0100${String(mails.length + 1).padStart(12, '0')}-00000000-0000-0000-0000-000000000000-000000`
    if (behaviour.kind === 'accept' || behaviour.isTaken) mails.push(mailOf(messageId, sent.data))
    if (behaviour.kind === 'accept') answerJson(answer, 200, { MessageId: messageId })
    if (behaviour.kind === 'drop') incoming.socket.destroy()
  }

  const server = createServer((incoming, answer) => {
    const isSend = incoming.method === 'POST' && incoming.url === SEND_PATH
    if (isSend)
      takeSend(incoming, answer).catch((error: unknown) => answer.destroy(error instanceof Error ? error : undefined))
    else forward(incoming, answer, options.forwardTo)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    endpoint: `http://127.0.0.1:${isAddressInfo(address) ? address.port : 0}`,
    mails,
    behaveNext(behaviour, count = 1) {
      planned.push(...Array.from({ length: count }, () => behaviour))
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

function mailOf(messageId: string, body: z.infer<typeof SendEmailBody>): SesMail {
  return {
    messageId,
    raw: Buffer.from(body.Content.Raw.Data, 'base64'),
    toAddresses: body.Destination.ToAddresses,
    feedbackForwardingEmailAddress: body.FeedbackForwardingEmailAddress ?? null,
    tags: Object.fromEntries(body.EmailTags.map(({ Name, Value }) => [Name, Value])),
    configurationSetName: body.ConfigurationSetName ?? null,
    tenantName: body.TenantName ?? null,
  }
}

function answerJson(answer: ServerResponse, status: number, body: object, errorType?: string): void {
  answer.writeHead(status, {
    'content-type': 'application/json',
    ...(errorType === undefined ? {} : { 'x-amzn-errortype': errorType }),
  })
  answer.end(JSON.stringify(body))
}

function forward(incoming: IncomingMessage, answer: ServerResponse, to: string | undefined): void {
  if (to === undefined) {
    answerJson(answer, 404, { message: 'only sends are answered here' }, 'NotFoundException')
    return
  }
  // The signature covers the host header, so headers go on as they came.
  const onward = request(
    new URL(incoming.url ?? '/', to),
    { method: incoming.method ?? 'GET', headers: incoming.headers },
    (back) => {
      answer.writeHead(back.statusCode ?? 502, back.headers)
      back.pipe(answer)
    },
  )
  onward.on('error', (error) => answer.destroy(error))
  incoming.pipe(onward)
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}
