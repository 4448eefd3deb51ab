import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { grantLicence } from '#control-plane/billing/grant-licence.ts'
import { invoiceLicence } from '#control-plane/billing/invoice-licence.ts'
import { refundLicence } from '#control-plane/billing/refund-licence.ts'
import { changeTerms } from '#control-plane/core/licence/change-terms.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { liftSuspension, suspendLicence } from '#control-plane/core/licence/suspend-licence.ts'
import {
  ComplimentaryBody,
  InvoiceBillingBody,
  LicenceView,
  ReasonBody,
  RefundBody,
} from '#shared/contracts/control-operations.ts'
import { LicenceTermsBody } from '#shared/contracts/licence-terms.ts'
import type { ApiEnv } from '../env.ts'
import { posts } from '../operation.ts'
import { body, idempotencyHeader, json, refusals } from '../responses.ts'
import { licenceView } from '../tenant-views.ts'
import { validated } from '../validated.ts'

const params = z.object({ licenceId: z.string() })
const responses = { 200: json(LicenceView, 'As it is now.'), ...refusals }

const postComplimentary = createRoute({
  method: 'post',
  path: '/licences/{licenceId}/complimentary',
  summary: 'Give a licence without charge; the vendor’s act',
  ...posts('grantComplimentary', 'vendor:act'),
  request: { headers: idempotencyHeader, params, body: body(ComplimentaryBody) },
  responses,
})

const postInvoice = createRoute({
  method: 'post',
  path: '/licences/{licenceId}/invoice',
  summary: 'Sell a licence on an invoice that is due in 30 days; the vendor’s act',
  ...posts('invoiceLicence', 'vendor:act'),
  request: { headers: idempotencyHeader, params, body: body(InvoiceBillingBody) },
  responses,
})

const postRefund = createRoute({
  method: 'post',
  path: '/licences/{licenceId}/refund',
  summary: 'Give the last payment back: the vendor any time, an owner within the days that are granted',
  ...posts('refundLicence', 'billing:pay'),
  request: { headers: idempotencyHeader, params, body: body(RefundBody) },
  responses,
})

const postHold = createRoute({
  method: 'post',
  path: '/licences/{licenceId}/hold',
  summary: 'Hold a licence for abuse, whatever is paid; the vendor’s act',
  ...posts('holdLicence', 'vendor:act'),
  request: { headers: idempotencyHeader, params, body: body(ReasonBody) },
  responses,
})

const postLift = createRoute({
  method: 'post',
  path: '/licences/{licenceId}/lift-hold',
  summary: 'End an abuse hold; the vendor’s act',
  ...posts('liftHold', 'vendor:act'),
  request: { headers: idempotencyHeader, params, body: body(ReasonBody) },
  responses,
})

const postTerms = createRoute({
  method: 'post',
  path: '/licences/{licenceId}/terms',
  summary: 'Change what a licence bounds and includes; the vendor’s act',
  ...posts('changeTerms', 'vendor:act'),
  request: { headers: idempotencyHeader, params, body: body(LicenceTermsBody) },
  responses,
})

export const licenceDecisions = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postComplimentary, async (c) => {
    const { reason, ends_at: endsAt } = c.req.valid('json')
    const licence = await grantLicence(c.var.ctx, {
      ...c.req.valid('param'),
      reason,
      ...(endsAt === undefined ? {} : { endsAt: Date.parse(endsAt) }),
    })
    return c.json(LicenceView.parse(licenceView(licence)), 200)
  })
  .openapi(postInvoice, async (c) => {
    const { po_number: poNumber } = c.req.valid('json')
    const licence = await invoiceLicence(c.var.ctx, {
      ...c.req.valid('param'),
      ...(poNumber === undefined ? {} : { poNumber }),
    })
    return c.json(LicenceView.parse(licenceView(licence)), 200)
  })
  .openapi(postRefund, async (c) => {
    const { ctx } = c.var
    const { reason, amount_cents: amountCents } = c.req.valid('json')
    const { licenceId } = c.req.valid('param')
    const { 'idempotency-key': askedAs } = c.req.valid('header')
    await refundLicence(ctx, {
      licenceId,
      reason,
      ...(amountCents === undefined ? {} : { amountCents }),
      ...(askedAs === undefined ? {} : { askedAs }),
    })
    return c.json(LicenceView.parse(licenceView(await getLicence(ctx, licenceId))), 200)
  })
  .openapi(postTerms, async (c) => {
    const licence = await changeTerms(c.var.ctx, { ...c.req.valid('param'), change: c.req.valid('json') })
    return c.json(LicenceView.parse(licenceView(licence)), 200)
  })
  .openapi(postHold, async (c) => {
    const licence = await suspendLicence(c.var.ctx, { ...c.req.valid('param'), ...c.req.valid('json') })
    return c.json(LicenceView.parse(licenceView(licence)), 200)
  })
  .openapi(postLift, async (c) => {
    const licence = await liftSuspension(c.var.ctx, { ...c.req.valid('param'), ...c.req.valid('json') })
    return c.json(LicenceView.parse(licenceView(licence)), 200)
  })
