import { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { listenOn } from './listen-on.ts'

/** What a Hono app is to its host. */
export type Fetcher = { fetch(request: Request, env?: unknown): Response | Promise<Response> }

export type HttpDoor = {
  readonly port: number
  close(): Promise<void>
  /** Until this is called every request is answered 503. */
  serve(app: Fetcher): void
}

const headersMilliseconds = 15_000
const requestMilliseconds = 60_000

/**
 * Opens the one HTTP port before there is anything to serve, because the links in mails need to know it. Rejects with the
 * socket's error (`EADDRINUSE`, `EACCES`) when it cannot listen.
 */
export async function openHttpDoor(host: string, port: number): Promise<HttpDoor> {
  let app: Fetcher | undefined
  const server = createAdaptorServer({
    fetch: (request, env) =>
      app?.fetch(request, env) ?? new Response('Convoke is starting', { status: 503, headers: { 'retry-after': '1' } }),
  })
  if (!(server instanceof Server)) throw new Error('the HTTP adaptor gave no HTTP/1 server')
  server.headersTimeout = headersMilliseconds
  server.requestTimeout = requestMilliseconds
  const taken = await listenOn(server, host, port)
  return {
    port: taken,
    serve(ready) {
      app = ready
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), 2000).unref()
      }),
  }
}
