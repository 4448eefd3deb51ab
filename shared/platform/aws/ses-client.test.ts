import { createServer } from 'node:http'
import { afterEach, expect, it, vi } from 'vitest'
import { listenLocally } from '#test/harness/aws/listen-locally.ts'
import { createSesClients } from './ses-client.ts'
import { createSesMailer } from './ses-mailer.ts'

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
  vi.stubEnv('AWS_ENDPOINT_URL_SESV2', door.endpoint)
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  let now = Date.UTC(2026, 10, 26)
  const clientOf = createSesClients({ clock: { now: () => now } })
  const mailer = createSesMailer({
    clientOf,
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
