import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { scheduleCancel, undoCancel } from '#control-plane/billing/cancel-licence.ts'
import { openCheckout } from '#control-plane/billing/open-checkout.ts'
import { getLicenceFile } from '#control-plane/core/licence/licence-file-store.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { OwnedPageQuery } from '#shared/contracts/control-api.ts'
import { LicenceView, UrlView } from '#shared/contracts/control-operations.ts'
import { LicenceFile } from '#shared/contracts/licence-file.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { licencesFor } from '../owned-lists.ts'
import { idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { licenceView } from '../tenant-views.ts'
import { validated } from '../validated.ts'

const params = z.object({ licenceId: z.string() })

const getList = createRoute({
  method: 'get',
  path: '/licences',
  summary: 'Licences: one’s own, or all for the vendor, by the end of their period',
  ...reads('listLicences', 'read'),
  request: { query: OwnedPageQuery },
  responses: { 200: json(pageOf(LicenceView), 'One page.'), ...refusals },
})

const getOne = createRoute({
  method: 'get',
  path: '/licences/{licenceId}',
  summary: 'One licence',
  ...reads('getLicence', 'read'),
  request: { params },
  responses: { 200: json(LicenceView, 'The licence.'), ...refusals },
})

const getFile = createRoute({
  method: 'get',
  path: '/licences/{licenceId}/file',
  summary: 'The signed licence file, as the tenant’s stack has it',
  ...reads('getLicenceFile', 'read'),
  request: { params },
  responses: { 200: json(LicenceFile, 'Signed at the last change, or today.'), ...refusals },
})

const postCheckout = createRoute({
  method: 'post',
  path: '/licences/{licenceId}/checkout',
  summary: 'The page on which a licence is paid; one at a time',
  ...posts('openCheckout', 'billing:pay'),
  request: { headers: idempotencyHeader, params },
  responses: { 201: json(UrlView, 'Go there.'), ...refusals },
})

const postCancel = createRoute({
  method: 'post',
  path: '/licences/{licenceId}/cancel',
  summary: 'Cancel: it works until the end of its period',
  ...posts('cancelLicence', 'billing:pay'),
  request: { headers: idempotencyHeader, params },
  responses: { 200: json(LicenceView, 'As it is now.'), ...refusals },
})

const postUndo = createRoute({
  method: 'post',
  path: '/licences/{licenceId}/undo-cancel',
  summary: 'Take a cancellation back while the period runs',
  ...posts('undoCancel', 'billing:pay'),
  request: { headers: idempotencyHeader, params },
  responses: { 200: json(LicenceView, 'As it is now.'), ...refusals },
})

export const licences = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getList, async (c) => {
    const page = await licencesFor(c, c.req.valid('query'))
    return c.json(pageOf(LicenceView).parse(pageView(page.licences.map(licenceView), page.next)), 200)
  })
  .openapi(getOne, async (c) =>
    c.json(LicenceView.parse(licenceView(await getLicence(c.var.ctx, c.req.valid('param').licenceId))), 200),
  )
  .openapi(getFile, async (c) =>
    c.json(LicenceFile.parse(await getLicenceFile(c.var.ctx, c.req.valid('param').licenceId)), 200),
  )
  .openapi(postCheckout, async (c) => {
    const { url } = await openCheckout(c.var.ctx, c.req.valid('param'))
    return c.json(UrlView.parse({ url }), 201)
  })
  .openapi(postCancel, async (c) =>
    c.json(LicenceView.parse(licenceView(await scheduleCancel(c.var.ctx, c.req.valid('param')))), 200),
  )
  .openapi(postUndo, async (c) =>
    c.json(LicenceView.parse(licenceView(await undoCancel(c.var.ctx, c.req.valid('param')))), 200),
  )
