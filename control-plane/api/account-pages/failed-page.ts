import type { Context } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { Failure, isFailure } from '#shared/errors/failure.ts'
import type { ApiEnv } from '../env.ts'
import { onError } from '../problem.ts'
import { signInPath } from '../sign-in/own-path.ts'
import { accountPage } from './account-page.ts'

/** What the API answers as a problem, as a page with its sentence; whoever is not signed in is asked to. */
export async function failedPage(error: Error, c: Context<ApiEnv>): Promise<Response> {
  // Before a problem is made: its fields would stay in the redirect's header (Hono shares what is prepared).
  if (isFailure(error, 'api.unauthorized')) return c.redirect(signInPath(askedPage(c)), 303)
  if (isFailure(error, 'api.passkey_required')) return c.redirect('/signed-in', 303)
  const problem = onError(error, c)
  const retryAfter = problem.headers.get('retry-after')
  if (retryAfter !== null) c.header('retry-after', retryAfter)
  return accountPage(c, {
    title: TITLES[problem.status] ?? 'That did not work',
    status: statusOf(problem.status),
    body: html`<p role="alert">${error instanceof Failure ? error.message : 'Something went wrong on our side. Try again in a moment.'}</p>
<a class="button" href="${wayBack(c, problem.status)}">Back</a>`,
  })
}

/** A form that was pressed is not pressed again by signing in: it goes on to the list. */
function askedPage(c: Context<ApiEnv>): string {
  if (c.req.method !== 'GET') return wayBack(c, 401)
  const { pathname, search } = new URL(c.req.url)
  return pathname + search
}

const TITLES: Readonly<Record<number, string>> = { 403: 'Not allowed', 404: 'Not found' }
const STATUSES = [400, 403, 404, 409, 413, 422, 429, 502, 503] as const satisfies readonly ContentfulStatusCode[]

function statusOf(status: number): ContentfulStatusCode {
  return STATUSES.find((known) => known === status) ?? (status < 500 ? 400 : 500)
}

/** To the page whose button it was, when it is whoever pressed it that may see it; else to the list. */
function wayBack(c: Context<ApiEnv>, status: number): string {
  const [, part = '', name = ''] = c.req.path.split('/')
  if (part === 'contests' || part === 'passkeys') return `/${part}`
  const isTheirs = status === 409 || status === 429
  return isTheirs && part === 'licences' && name !== '' ? `/licences/${name}` : '/licences'
}
