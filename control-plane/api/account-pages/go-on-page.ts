import type { Context } from 'hono'
import { html } from 'hono/html'
import type { ApiEnv } from '../env.ts'
import { accountPage } from './account-page.ts'

/**
 * Sends the browser to a page of Stripe's after a form of ours. A page that goes on by itself and no redirect: browsers hold a redirect that
 * answers a form to `form-action 'self'` (CSP Level 3, §6.4.1), and the seller may have a domain of his own for the checkout.
 */
export function goOnPage(
  c: Context<ApiEnv>,
  input: { readonly title: string; readonly url: string },
): Promise<Response> {
  const { title, url } = input
  return accountPage(c, {
    title,
    part: '/licences',
    reload: { seconds: 0, to: url },
    body: html`<p>You are taken there. If nothing happens, go on yourself.</p>
<a class="button" href="${url}">Go on</a>`,
  })
}
