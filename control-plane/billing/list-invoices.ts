import type Stripe from 'stripe'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import type { BillingCtx } from './billing-context.ts'

/** An invoice as the licensee may see it. Times are epoch milliseconds, amounts the smallest unit of the currency. */
export type InvoiceView = {
  readonly invoiceId: string
  readonly number?: string
  readonly status: string
  readonly totalCents: number
  readonly currency: string
  readonly createdAt: number
  readonly dueAt?: number
  readonly hostedUrl?: string
  readonly pdfUrl?: string
  readonly licenceId?: string
}

/** Ten years of a hundred licences. */
const INVOICES_MAX = 1000

/** All invoices of a licensee, newest first; none before the first purchase. */
export async function listInvoices(
  ctx: BillingCtx,
  input: { readonly licenseeId: string },
): Promise<readonly InvoiceView[]> {
  const { stripeCustomerId } = await getLicensee(ctx, input.licenseeId)
  if (stripeCustomerId === undefined) return []
  const invoices = await ctx.stripe.invoices
    .list({ customer: stripeCustomerId, limit: 100 })
    .autoPagingToArray({ limit: INVOICES_MAX })
  return invoices.filter(({ status }) => status !== 'draft').map(viewOf)
}

function viewOf(invoice: Stripe.Invoice): InvoiceView {
  const { number, due_date, hosted_invoice_url, invoice_pdf } = invoice
  const licenceId = invoice.parent?.subscription_details?.metadata?.licenceId
  return {
    invoiceId: invoice.id,
    ...(number === null ? {} : { number }),
    status: invoice.status ?? 'draft',
    totalCents: invoice.total,
    currency: invoice.currency,
    createdAt: invoice.created * 1000,
    ...(due_date === null ? {} : { dueAt: due_date * 1000 }),
    ...(hosted_invoice_url === null || hosted_invoice_url === undefined ? {} : { hostedUrl: hosted_invoice_url }),
    ...(invoice_pdf === null || invoice_pdf === undefined ? {} : { pdfUrl: invoice_pdf }),
    ...(licenceId === undefined ? {} : { licenceId }),
  }
}
