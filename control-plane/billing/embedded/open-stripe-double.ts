import { once } from 'node:events'
import { Server } from 'node:http'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { isFailure } from '#shared/errors/failure.ts'
import { createStripeDouble, type StripeDouble, type StripeDoubleOptions } from './stripe-double.ts'

export type OpenStripeDouble = StripeDouble & {
  readonly port: number
  readonly baseUrl: string
  /** Stops listening and ticking; what was going on is finished first. */
  readonly close: () => Promise<void>
}

/** Nothing but this machine reaches it. */
const HOST = '127.0.0.1'
const CLOSE_MS_MAX = 2000

/**
 * Opens the double on loopback. Port 0 takes a free one. With `tickMs` it looks at the clock by itself that often; without, its owner
 * calls `tick`. Rejects with the socket's error (`EADDRINUSE`) when it cannot listen.
 */
export async function openStripeDouble(
  options: StripeDoubleOptions & { readonly port: number; readonly tickMs?: number },
): Promise<OpenStripeDouble> {
  const double = createStripeDouble(options)
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.all('*', (c) => double.fetch(c.req.raw))
  app.onError((error, c) => {
    if (!isFailure(error, 'stripe_double.lost')) throw error
    c.env.incoming.socket.destroy()
    return c.body(null)
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  if (!(server instanceof Server)) throw new Error('the HTTP adaptor gave no HTTP/1 server')
  server.listen({ host: HOST, port: options.port, exclusive: true })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the payments double has no TCP address')
  const baseUrl = `http://${HOST}:${address.port}`
  double.setBaseUrl(baseUrl)
  const ticking = options.tickMs === undefined ? undefined : startTicking(double, options, options.tickMs)
  return {
    ...double,
    port: address.port,
    baseUrl,
    async close() {
      await ticking?.stop()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), CLOSE_MS_MAX).unref()
      })
    },
  }
}

function startTicking(double: StripeDouble, { log }: StripeDoubleOptions, tickMs: number) {
  let running: Promise<void> = Promise.resolve()
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    running = double
      .tick()
      .catch((error: unknown) => {
        // The next tick tries again; a fault of ours must not end the whole product.
        log.error({ at: 'stripe_double.tick', name: error instanceof Error ? error.name : 'unknown' })
      })
      .finally(() => {
        isBusy = false
      })
  }, tickMs)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
