import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { installStripeMock, STRIPE_MOCK } from './install-stripe-mock.ts'

export type RunningMock = { readonly url: string; readonly specFile: string; readonly stop: () => Promise<void> }

const START_MILLISECONDS_MAX = 30_000

/** Starts stripe-mock on a free loopback port. */
export async function startStripeMock(): Promise<RunningMock> {
  const { program, specFile } = await installStripeMock()
  const port = await freePort()
  const child = spawn(program, ['-http-addr', `127.0.0.1:${port}`], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const giveUpAt = Date.now() + START_MILLISECONDS_MAX
  while (Date.now() < giveUpAt && child.exitCode === null) {
    const answer = await fetch(`${url}/v1/customers`, { headers: { authorization: 'Bearer sk_test_123' } }).catch(
      () => undefined,
    )
    if (answer?.ok === true) return { url, specFile, stop }
    await delay(50)
  }
  await stop()
  throw new Error(`stripe-mock (${STRIPE_MOCK}) did not start`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || address === null) throw new Error('no port was given')
  return address.port
}
