import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { scheduleCancel, undoCancel } from '#control-plane/billing/cancel-licence.ts'
import { listInvoices } from '#control-plane/billing/list-invoices.ts'
import { openCheckout } from '#control-plane/billing/open-checkout.ts'
import { openPortal } from '#control-plane/billing/open-portal.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { checkNow } from '#control-plane/provisioning/check-now.ts'
import { retryRun } from '#control-plane/provisioning/retry-run.ts'
import { needs } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { licencesFor } from '../owned-lists.ts'
import { accountPage } from './account-page.ts'
import { failedPage } from './failed-page.ts'
import { goOnPage } from './go-on-page.ts'
import { invoiceList } from './invoice-list.ts'
import { licenceBody } from './licence-body.ts'
import { licenceList } from './licence-list.ts'
import { listQuery, nextPathOf } from './list-query.ts'
import { readLicencePage } from './read-licence.ts'
import { reloadOf } from './setup-part.ts'

/** A licensee's licences and their domains. Each route asks the guards of the API's operation that it names. */
export const licenceRoutes = new Hono<ApiEnv>()
  .onError(failedPage)
  .get('/licences', needs('read', 'listLicences'), async (c) => {
    const page = await licencesFor(c, listQuery(c))
    const listed = await Promise.all(
      page.licences.map(async (licence) => ({
        licence,
        tenantState: (await getTenant(c.var.ctx, licence.tenantId)).state,
      })),
    )
    return accountPage(c, {
      title: 'Licences',
      part: '/licences',
      isReadOnly: c.var.principal.isReadOnly,
      body: licenceList(listed, nextPathOf(c, page.next)),
    })
  })
  .get('/licences/:licenceId', needs('read', 'getLicence'), async (c) => {
    const view = await readLicencePage(c, c.req.param('licenceId'))
    return accountPage(c, {
      title: view.licence.domainName,
      part: '/licences',
      isReadOnly: c.var.principal.isReadOnly,
      reload: reloadOf(view),
      body: licenceBody(view),
    })
  })
  .get('/licences/:licenceId/invoices', needs('read', 'listInvoices'), async (c) => {
    const { licenceId, licenseeId, domainName } = await getLicence(c.var.ctx, c.req.param('licenceId'))
    const invoices = await listInvoices(c.var.ctx, { licenseeId })
    return accountPage(c, {
      title: `Invoices of ${domainName}`,
      part: '/licences',
      isReadOnly: c.var.principal.isReadOnly,
      body: html`${invoiceList(invoices.filter((invoice) => invoice.licenceId === licenceId))}
<p><a href="/licences/${licenceId}">To the licence</a></p>`,
    })
  })
  .post('/licences/:licenceId/pay', needs('billing:pay', 'openCheckout'), async (c) => {
    const { url } = await openCheckout(c.var.ctx, { licenceId: c.req.param('licenceId') })
    return goOnPage(c, { title: 'To the payment', url })
  })
  .post('/licences/:licenceId/portal', needs('billing:pay', 'openPortal'), async (c) => {
    const { ctx } = c.var
    const { licenceId, licenseeId } = await getLicence(ctx, c.req.param('licenceId'))
    const { url } = await openPortal(ctx, { licenseeId, returnUrl: ctx.settings.publicUrl + pathOf(licenceId) })
    return goOnPage(c, { title: 'To your payment details', url })
  })
  .post('/licences/:licenceId/cancel', needs('billing:pay', 'cancelLicence'), async (c) =>
    backTo(c, (await scheduleCancel(c.var.ctx, { licenceId: c.req.param('licenceId') })).licenceId),
  )
  .post('/licences/:licenceId/undo-cancel', needs('billing:pay', 'undoCancel'), async (c) =>
    backTo(c, (await undoCancel(c.var.ctx, { licenceId: c.req.param('licenceId') })).licenceId),
  )
  .post('/licences/:licenceId/check-now', needs('domains:manage', 'checkNow'), async (c) => {
    const { licenceId, tenantId } = await getLicence(c.var.ctx, c.req.param('licenceId'))
    await checkNow(c.var.ctx, { tenantId })
    return backTo(c, licenceId)
  })
  .post('/licences/:licenceId/retry', needs('domains:manage', 'retryRun'), async (c) => {
    const { licenceId, tenantId } = await getLicence(c.var.ctx, c.req.param('licenceId'))
    await retryRun(c.var.ctx, { tenantId })
    return backTo(c, licenceId)
  })

/** A form is answered by a page that can be loaded again. */
function backTo(c: Context<ApiEnv>, licenceId: string): Response {
  return c.redirect(pathOf(licenceId), 303)
}

function pathOf(licenceId: string): string {
  return `/licences/${encodeURIComponent(licenceId)}`
}
