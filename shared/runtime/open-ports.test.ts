import { createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { listenOn } from './listen-on.ts'
import { openAtPort } from './open-ports.ts'

const servers: Server[] = []

async function open(port: number) {
  const server = createServer()
  servers.push(server)
  const taken = await listenOn(server, '127.0.0.1', port)
  return { port: taken, close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

afterEach(async () => {
  await Promise.all(
    servers
      .splice(0)
      .map((server) => new Promise((resolve) => (server.listening ? server.close(resolve) : resolve(0)))),
  )
})

it('opens at the wanted port when it is free', async () => {
  const free = await open(0)
  await free.close()
  const opened = await openAtPort({ setting: 'CONVOKE_HTTP_PORT', port: free.port, isChosen: true }, open)
  expect(opened).toMatchObject({ kind: 'opened', door: { port: free.port } })
  expect(opened).not.toHaveProperty('movedFrom')
})

it('moves from a taken default port to a free one, and says from where', async () => {
  const { port } = await open(0)
  const opened = await openAtPort({ setting: 'CONVOKE_HTTP_PORT', port, isChosen: false }, open)
  expect(opened).toMatchObject({ kind: 'opened', movedFrom: port })
  expect(opened.kind === 'opened' && opened.door.port).not.toBe(port)
})

it('refuses a taken port that was chosen, naming port, setting and a port that is free', async () => {
  const { port } = await open(0)
  const opened = await openAtPort({ setting: 'CONVOKE_SMTP_PORT', port, isChosen: true }, open)
  const message = opened.kind === 'refused' ? opened.message : ''
  expect(message).toContain(`Port ${port} (CONVOKE_SMTP_PORT) is taken`)
  const suggested = Number(/CONVOKE_SMTP_PORT=(\d+) npm start/.exec(message)?.[1])
  expect(suggested).not.toBe(port)
  await expect(open(suggested)).resolves.toMatchObject({ port: suggested })
})

it('takes a chosen port that its dying holder frees a moment later', async () => {
  const held = await open(0)
  const opening = openAtPort({ setting: 'CONVOKE_SMTP_PORT', port: held.port, isChosen: true }, open)
  await held.close()
  expect(await opening).toMatchObject({ kind: 'opened', door: { port: held.port } })
})

it('throws what it does not know', async () => {
  const broken = () => Promise.reject(new Error('no network at all'))
  await expect(openAtPort({ setting: 'CONVOKE_HTTP_PORT', port: 1, isChosen: false }, broken)).rejects.toThrow(
    'no network',
  )
})
