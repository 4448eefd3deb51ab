import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { Failure } from '#shared/errors/failure.ts'
import { needs } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { accountPage } from './account-page.ts'
import { actsOn } from './acts.ts'
import { failedPage } from './failed-page.ts'
import { actForm } from './texts.ts'

const LOOK_SECONDS = 3
/** Three minutes: Stripe's word takes seconds, and a page left open should not ask for ever. */
const LOOKS_MAX = 60

/** Where Stripe's checkout leads back to: what is said of a payment is said by our own row, never by having come here. */
export const checkoutRoutes = new Hono<ApiEnv>()
  .onError((error, c) => (isStranger(error) ? strangersPage(c) : failedPage(error, c)))
  .get('/checkout/done', needs('read', 'getLicence'), async (c) => {
    const licence = await getLicence(c.var.ctx, c.req.query('licenceId') ?? '')
    return isWaiting(licence) ? waitingPage(c, licence) : activePage(c, licence)
  })
  .get('/checkout/back', needs('read', 'getLicence'), async (c) => {
    const licence = await getLicence(c.var.ctx, c.req.query('licenceId') ?? '')
    return isWaiting(licence) ? backPage(c, licence) : activePage(c, licence)
  })

/** Nobody who has signed in, or somebody else: he is told what he would be told of no licence at all. */
function isStranger(error: Error): boolean {
  return error instanceof Failure && (error.status === 401 || error.status === 404)
}

function isWaiting({ state, checkout }: Licence): boolean {
  return checkout !== undefined || (state !== 'active' && state !== 'renewal_due')
}

function strangersPage(c: Context<ApiEnv>): Promise<Response> {
  return accountPage(
    c,
    c.req.path === '/checkout/back'
      ? {
          title: 'You left the payment page',
          body: html`<p>Leaving it charges nothing. You can pay whenever you like.</p>
<a class="button" href="/licences">Your licences</a>`,
        }
      : {
          title: 'Thank you',
          body: html`<p>If you have paid, your payment is being confirmed. That takes a moment; we also mail you.</p>
<a class="button" href="/licences">Your licences</a>`,
        },
  )
}

function waitingPage(c: Context<ApiEnv>, { licenceId, domainName }: Licence): Promise<Response> {
  const looks = Number(/^\d{1,4}$/.exec(c.req.query('looks') ?? '')?.[0] ?? 0)
  const again = `/checkout/done?licenceId=${encodeURIComponent(licenceId)}`
  const isPatient = looks < LOOKS_MAX
  return accountPage(c, {
    title: 'Your payment is being confirmed',
    part: '/licences',
    reload: isPatient ? { seconds: LOOK_SECONDS, to: `${again}&looks=${looks + 1}` } : undefined,
    body: html`<p>If you have paid the licence of <strong>${domainName}</strong>, we are waiting for the word of Stripe, who takes the payment.</p>
<p role="status">${isPatient ? 'This page looks again by itself.' : 'It takes longer than usual. You need not wait here: we mail you.'}</p>
<div class="acts">${isPatient ? '' : html`<a class="button" href="${again}">Look again</a>`}<a class="button quiet" href="/licences/${licenceId}">To the licence</a></div>`,
  })
}

function activePage(c: Context<ApiEnv>, { licenceId, domainName }: Licence): Promise<Response> {
  return accountPage(c, {
    title: 'The licence is active',
    part: '/licences',
    body: html`<p><strong>${domainName}</strong> is licensed. Its page shows how the domain is set up, and what you enter in your DNS.</p>
<a class="button" href="/licences/${licenceId}">Set up the domain</a>`,
  })
}

function backPage(c: Context<ApiEnv>, licence: Licence): Promise<Response> {
  const { licenceId, domainName } = licence
  return accountPage(c, {
    title: 'You left the payment page',
    part: '/licences',
    isReadOnly: c.var.principal.isReadOnly,
    body: html`<p>Leaving it charges nothing. The licence of <strong>${domainName}</strong> is as it was.</p>
<div class="acts">${actsOn(c, licence).pay ? actForm(`/licences/${licenceId}/pay`, 'Pay', 'main') : ''}<a class="button quiet" href="/licences/${licenceId}">To the licence</a></div>`,
  })
}
