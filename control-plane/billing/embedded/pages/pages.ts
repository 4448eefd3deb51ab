import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { html } from 'hono/html'
import { isFailure } from '#shared/errors/failure.ts'
import type { Engine } from '../money/run-due.ts'
import { createCheckout } from './checkout.ts'
import { createControl } from './control.ts'
import { frame, type Markup, pageHeaders, text } from './frame.ts'
import { createInvoices } from './invoice.ts'
import { createPortal } from './portal.ts'

const FORM_BYTES_MAX = 64 * 1024

/** The hosted pages. They work without script; a form that comes from another site is refused. */
export function createPages(engine: Engine): Hono {
  const app = new Hono()
  app.use('*', bodyLimit({ maxSize: FORM_BYTES_MAX }))
  app.use('*', async (c, next) => {
    const origin = c.req.header('origin')
    // `Referrer-Policy: no-referrer` makes a browser send `Origin: null` with our own forms; Sec-Fetch-Site tells those apart.
    const site = c.req.header('sec-fetch-site')
    const isForeign =
      site === undefined
        ? origin !== undefined && origin !== 'null' && origin !== new URL(c.req.url).origin
        : site !== 'same-origin'
    if (c.req.method === 'POST' && isForeign) return c.text('This form is for this page alone', 403)
    return next()
  })
  for (const part of [createCheckout(engine), createInvoices(engine), createPortal(engine), createControl(engine)])
    app.route('/', part)
  app.notFound(async (c) => c.body(await text(notHere()), 404, { ...pageHeaders() }))
  app.onError(async (error, c) => {
    if (!isFailure(error)) {
      engine.ctx.log.error({ at: 'stripe_double.page_failed', name: error.name })
      return c.text('This page failed; try again', 500)
    }
    return c.body(await text(notHere()), error.status === 404 ? 404 : 400, { ...pageHeaders() })
  })
  return app
}

function notHere(): Markup {
  return frame(
    'There is no such page',
    html`<div class="card"><h1>There is no such page</h1><p>The link may have ended. Ask for a new one where you got it.</p></div>`,
  )
}
