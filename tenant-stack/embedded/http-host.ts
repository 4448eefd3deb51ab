import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { isLoopbackHost } from '#shared/contracts/environment.ts'
import type { Fetcher } from '#shared/runtime/http-door.ts'
import { CONSOLE_PATHS } from '#tenant-stack/api/sign-in/console.ts'
import { PAGE_PATHS } from '#tenant-stack/pages/app.ts'

/** A form with one button. */
const bodyBytesMax = 64 * 1024

/** Public pages, whose forms are bounded. */
export function boundPages(pages: Fetcher): Fetcher {
  return new Hono().use(bodyLimit({ maxSize: bodyBytesMax })).all('*', (c) => pages.fetch(c.req.raw, c.env))
}

/** Puts together what the one port serves: the API, the public pages, the console, and the local pages for this machine alone. */
export function composeApp(parts: {
  readonly api: Fetcher
  readonly pages: Fetcher
  readonly console: Fetcher
  /** Absent where a proxy stands in front: to it every request comes from this machine. */
  readonly local?: Fetcher
}): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  // Whole requests are handed over, so that each part answers its own unknown paths and failures.
  // The API bounds its bodies itself, in its own words.
  app.all('/v1/*', (c) => parts.api.fetch(c.req.raw, c.env))
  const pages = boundPages(parts.pages)
  for (const path of PAGE_PATHS) app.all(path, (c) => pages.fetch(c.req.raw, c.env))
  const ownConsole = boundPages(parts.console)
  for (const path of CONSOLE_PATHS) app.all(path, (c) => ownConsole.fetch(c.req.raw, c.env))
  app.all('*', (c) => {
    if (parts.local === undefined) return c.text('There is no such page', 404)
    const isFromHere = isLoopbackHost((c.env.incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''))
    // DNS rebinding: a stranger's page may make the browser come here under the stranger's name, never under this one.
    if (isFromHere && isLoopbackHost(hostnameOf(c.req.header('host') ?? ''))) return parts.local.fetch(c.req.raw, c.env)
    return c.text('These pages are for this machine alone; open them by http://localhost', 403)
  })
  return app
}

/** The host of the console (`app.`): the API for who is signed in, and its pages. */
export function consoleHost(api: Fetcher, console: Fetcher): Fetcher {
  return new Hono().all('/v1/*', (c) => api.fetch(c.req.raw, c.env)).all('*', (c) => console.fetch(c.req.raw, c.env))
}

/** Where a request came from, as the socket knows; from a proxy on this machine, as that says (`X-Forwarded-For`, its last hop). */
export function callerOf(c: Context): string {
  const env: unknown = c.env
  const address = (RemoteEnd.safeParse(env).data?.incoming.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
  const said = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
  return isLoopbackHost(address) && said !== undefined && said !== '' ? said : address
}

const RemoteEnd = z.object({ incoming: z.object({ socket: z.object({ remoteAddress: z.string() }) }) })

/** The host name of a Host header, without port and brackets. */
function hostnameOf(hostHeader: string): string {
  return hostHeader.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
