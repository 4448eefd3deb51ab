import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { listInvoices } from '#control-plane/billing/list-invoices.ts'
import { openPortal } from '#control-plane/billing/open-portal.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { InvoiceView, UrlView } from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { isoOf } from '../views.ts'

const params = z.object({ licenseeId: z.string() })

const getInvoices = createRoute({
  method: 'get',
  path: '/licensees/{licenseeId}/invoices',
  summary: 'All invoices of a licensee, newest first',
  ...reads('listInvoices', 'read'),
  request: { params },
  responses: { 200: json(pageOf(InvoiceView), 'All of them.'), ...refusals },
})

const postPortal = createRoute({
  method: 'post',
  path: '/licensees/{licenseeId}/portal',
  summary: 'Stripe’s page for payment method, tax id and invoices',
  ...posts('openPortal', 'billing:pay'),
  request: { headers: idempotencyHeader, params },
  responses: { 201: json(UrlView, 'Go there.'), ...refusals },
})

export const billing = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getInvoices, async (c) => {
    const invoices = await listInvoices(c.var.ctx, c.req.valid('param'))
    const data = invoices.map((invoice) => ({
      id: invoice.invoiceId,
      ...(invoice.number === undefined ? {} : { number: invoice.number }),
      status: invoice.status,
      total: invoice.totalCents,
      currency: invoice.currency,
      created_at: isoOf(invoice.createdAt),
      ...(invoice.dueAt === undefined ? {} : { due_at: isoOf(invoice.dueAt) }),
      ...(invoice.hostedUrl === undefined ? {} : { hosted_url: invoice.hostedUrl }),
      ...(invoice.pdfUrl === undefined ? {} : { pdf_url: invoice.pdfUrl }),
      ...(invoice.licenceId === undefined ? {} : { licence_id: invoice.licenceId }),
    }))
    return c.json(pageOf(InvoiceView).parse(pageView(data, undefined)), 200)
  })
  .openapi(postPortal, async (c) => c.json(UrlView.parse(await openPortal(c.var.ctx, c.req.valid('param'))), 201))
