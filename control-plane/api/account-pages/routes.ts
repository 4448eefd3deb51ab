import { Hono } from 'hono'
import type { ApiEnv } from '../env.ts'
import { checkoutRoutes } from './checkout-routes.ts'
import { contestRoutes } from './contest-routes.ts'
import { licenceRoutes } from './licence-routes.ts'
import { passkeyPages } from './passkey-pages.ts'
import { ACCOUNT_STYLE } from './style.ts'

/** The pages that mails, the checkout and the customer portal lead to. */
export const accountPages = new Hono<ApiEnv>()
  .get('/account-pages/style.css', (c) => {
    c.header('cache-control', 'public, max-age=3600')
    return c.body(ACCOUNT_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' })
  })
  .route('/', checkoutRoutes)
  .route('/', licenceRoutes)
  .route('/', contestRoutes)
  .route('/', passkeyPages)
