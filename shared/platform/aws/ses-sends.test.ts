import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listenLocally } from '#test/harness/aws/listen-locally.ts'
import { createSesMailer } from './ses-mailer.ts'
import { createSesSends, type RawSend } from './ses-sends.ts'

const mail = {
  sendId: 'snd_1',
  envelopeFrom: null,
  envelopeTo: 'a@example.org',
  raw: Buffer.from('From: x@y.z\r\n\r\nx'),
}

afterEach(() => {
  vi.unstubAllEnvs()
})

it('sends over the open connection while it is in use, and over a new one after a pause, in which it may have died', async () => {
  let connections = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{"MessageId":"m"}'))
  }).on('connection', () => {
    connections += 1
  })
  const door = await listenLocally(server)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  let now = Date.UTC(2026, 10, 26)
  const mailer = createSesMailer({
    sendEmail: createSesSends({
      place: { region: 'eu-central-1', endpoint: door.endpoint },
      clock: { now: () => now },
    }),
    configurationSetName: 'invites',
    lookup: async () => ({ fate: 'unknown' }),
  })
  const seen: number[] = []
  for (const pause of [0, 1000, 4000, 6000, 900_000]) {
    now += pause
    await mailer.send(mail)
    seen.push(connections)
  }
  await door.close()
  expect(seen).toEqual([1, 1, 1, 2, 3])
})

const send: RawSend = {
  raw: Buffer.from('From: x@y.z\r\n\r\n\u00e9\0'),
  Destination: { ToAddresses: ['a@example.org'] },
  FeedbackForwardingEmailAddress: 'r@example.com',
  EmailTags: [{ Name: 'sendId', Value: 'snd_1' }],
  ConfigurationSetName: 'invites',
  TenantName: 'tenant-a',
}

/** Sends to a server that answers so, with credentials of a role. */
async function sentTo<T>(answer: RequestListener, act: (endpoint: string) => Promise<T>): Promise<T> {
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  vi.stubEnv('AWS_SESSION_TOKEN', 'token')
  const door = await listenLocally(createServer(answer))
  try {
    return await act(door.endpoint)
  } finally {
    await door.close()
  }
}

const place = (endpoint: string) => ({ region: 'eu-central-1', endpoint })

it('says on the wire what the SDK’s own client says, and signs as it does', async () => {
  const seen: { method: string; url: string; headers: IncomingHttpHeaders; body: unknown }[] = []
  await sentTo(
    (request, response) => {
      void text(request).then((body) => {
        const { method = '', url = '', headers } = request
        seen.push({ method, url, headers, body: JSON.parse(body) })
        response.end('{"MessageId":"m"}')
      })
    },
    async (endpoint) => {
      const now = Math.floor(Date.now() / 1000) * 1000
      vi.useFakeTimers({ toFake: ['Date'], now })
      const { raw, ...rest } = send
      const client = new SESv2Client({ endpoint, maxAttempts: 1 })
      await client.send(new SendEmailCommand({ ...rest, Content: { Raw: { Data: raw } } }))
      client.destroy()
      await createSesSends({ place: place(endpoint), clock: { now: () => now } })(send)
      vi.useRealTimers()
    },
  )
  const [theirs, ours] = seen
  expect([ours?.method, ours?.url, ours?.body]).toEqual([theirs?.method, theirs?.url, theirs?.body])
  for (const name of ['host', 'content-type', 'content-length', 'x-amz-date', 'x-amz-security-token'])
    expect([name, ours?.headers[name]]).toEqual([name, theirs?.headers[name]])
  const credentialOf = (headers?: IncomingHttpHeaders) => /Credential=[^,]+/.exec(headers?.authorization ?? '')?.[0]
  expect(credentialOf(ours?.headers)).toBe(credentialOf(theirs?.headers))
  expect(ours?.headers.authorization).toMatch(
    /SignedHeaders=[^,]*content-type;host;[^,]*x-amz-date;x-amz-security-token/,
  )
})

describe('what SES answers', () => {
  const answered = (status: number, body: string, headers: Readonly<Record<string, string>> = {}) =>
    sentTo(
      (request, response) => {
        request.resume().on('end', () => response.writeHead(status, headers).end(body))
      },
      async (endpoint) => createSesSends({ place: place(endpoint), clock: { now: () => Date.now() } })(send),
    )

  const REFUSALS: readonly (readonly [string, string, Readonly<Record<string, string>>, string, string])[] = [
    ['in a header', '{"message":"no"}', { 'x-amzn-errortype': 'MessageRejected' }, 'MessageRejected', 'no'],
    ['in a header with its address', '{}', { 'x-amzn-errortype': 'A:http://x/' }, 'A', 'A'],
    [
      'in the body',
      '{"__type":"com.amazonaws.ses#NotFoundException","Message":"gone"}',
      {},
      'NotFoundException',
      'gone',
    ],
    ['not at all, by a proxy', '<html>busy</html>', {}, 'UnknownError', 'UnknownError'],
  ]
  for (const [where, body, headers, name, message] of REFUSALS)
    it(`names a refusal ${where}`, async () => {
      await expect(answered(400, body, headers)).rejects.toMatchObject({
        name,
        message,
        $metadata: { httpStatusCode: 400 },
      })
    })

  it('is nobody’s when it is no JSON, or too long, or names no mail', async () => {
    await expect(answered(200, '<html>')).rejects.not.toHaveProperty('$metadata')
    await expect(answered(200, 'x'.repeat(70_000))).rejects.not.toHaveProperty('$metadata')
    expect(await answered(200, '{}')).toEqual({ messageId: undefined })
    expect(await answered(200, '{"MessageId":7}')).toEqual({ messageId: undefined })
  })
})
