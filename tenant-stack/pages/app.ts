import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { answerPages } from './answer.ts'
import { confirmPages } from './confirm.ts'
import { listPages } from './list.ts'
import { PAGE_HEADERS, page } from './page.ts'
import { proposalPages } from './proposal.ts'
import { reportPages } from './report.ts'
import { unsubscribePages } from './unsubscribe.ts'

const PROBLEM = 'application/problem+json'

const sections = {
  answer: answerPages,
  confirm: confirmPages,
  list: listPages,
  proposal: proposalPages,
  report: reportPages,
  unsubscribe: unsubscribePages,
} as const

/** Where the pages are, for a host that serves other things beside them: `/confirm/*`. */
export const PAGE_PATHS: readonly string[] = Object.keys(sections).map((name) => `/${name}/*`)

/** Public pages of the tenant: server-rendered, no script, nothing changes on GET. What is not there is told in HTML, or as a problem (RFC 9457) to who asks for one. */
export function createPages(ctx: Ctx): Hono {
  const app = new Hono().use(async (c, next) => {
    await next()
    if (c.res.status === 404 && c.req.header('accept') === PROBLEM) c.res = notFoundProblem()
  })
  for (const [name, pagesOf] of Object.entries(sections)) app.route(`/${name}`, pagesOf(ctx))
  app.notFound((c) =>
    c.html(
      page('There is no such page', html`<p>The link may have been cut. Copy the whole link from your mail.</p>`),
      404,
      PAGE_HEADERS,
    ),
  )
  app.onError((error, c) => {
    ctx.log.error({ at: 'pages.failed', name: error.name, message: error.message })
    return c.html(page('Something went wrong', html`<p>Please try again in a minute.</p>`), 500, PAGE_HEADERS)
  })
  return app
}

function notFoundProblem(): Response {
  const body = { type: 'urn:convoke:problem:page.not_found', title: 'Not Found', status: 404 }
  return new Response(JSON.stringify(body), { status: 404, headers: { ...PAGE_HEADERS, 'content-type': PROBLEM } })
}
