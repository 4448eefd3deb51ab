import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { confirmPages } from './confirm.ts'
import { PAGE_HEADERS, page } from './page.ts'

/** Public pages of the tenant: server-rendered, no script, nothing changes on GET. */
export function createPages(ctx: Ctx): Hono {
  const app = new Hono().route('/confirm', confirmPages(ctx))
  app.onError((error, c) => {
    ctx.log.error({ at: 'pages.failed', name: error.name, message: error.message })
    return c.html(page('Something went wrong', html`<p>Please try again in a minute.</p>`), 500, PAGE_HEADERS)
  })
  return app
}
