import { Server } from 'node:http'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { isLoopbackHost } from '#shared/contracts/environment.ts'
import { listenOn } from '#shared/runtime/listen-on.ts'
import type { Door } from './smtp-door.ts'

/** What a Hono app is to its host. */
type Fetcher = { fetch(request: Request, env?: unknown): Response | Promise<Response> }

export type HttpHost = Door & {
  /** Until this is called every request is answered 503. */
  serve(app: Fetcher): void
}

const headersMilliseconds = 15_000
const requestMilliseconds = 60_000
/** A form with one button. */
const bodyBytesMax = 64 * 1024

/**
 * Opens the one HTTP port before there is anything to serve, because the links in mails need to know it. Rejects with the
 * socket's error (`EADDRINUSE`, `EACCES`) when it cannot listen.
 */
export async function openHttpHost(host: string, port: number): Promise<HttpHost> {
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

/** Puts together what the one port serves: the API, the public pages, and the local pages for this machine alone. */
export function composeApp(parts: {
  readonly api: Fetcher
  readonly pages: Fetcher
  /** Absent where a proxy stands in front: to it every request comes from this machine. */
  readonly local?: Fetcher
}): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  // Whole requests are handed over, so that each part answers its own unknown paths and failures.
  // The API bounds its bodies itself, in its own words.
  app.all('/v1/*', (c) => parts.api.fetch(c.req.raw, c.env))
  app.use('/confirm/*', bodyLimit({ maxSize: bodyBytesMax }))
  app.all('/confirm/*', (c) => parts.pages.fetch(c.req.raw, c.env))
  app.all('*', (c) => {
    if (parts.local === undefined) return c.text('There is no such page', 404)
    const isFromHere = isLoopbackHost((c.env.incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''))
    // DNS rebinding: a stranger's page may make the browser come here under the stranger's name, never under this one.
    if (isFromHere && isLoopbackHost(hostnameOf(c.req.header('host') ?? ''))) return parts.local.fetch(c.req.raw, c.env)
    return c.text('These pages are for this machine alone; open them by http://localhost', 403)
  })
  return app
}

/** The host name of a Host header, without port and brackets. */
function hostnameOf(hostHeader: string): string {
  return hostHeader.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
