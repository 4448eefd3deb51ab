import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { getLicensee, listLicensees } from '#control-plane/core/licensee/licensee-store.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { updateLicensee } from '#control-plane/core/licensee/update-licensee.ts'
import { invitePerson } from '#control-plane/core/person/invite-person.ts'
import { isVendorRole } from '#control-plane/core/person/organization.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { LicenseeBody, LicenseeChangeBody, LicenseesQuery, LicenseeView } from '#shared/contracts/control-api.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { ApiEnv, ControlCtx } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { ApiFailure } from '../problem.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { licenseeView } from '../views.ts'

const params = z.object({ licenseeId: z.string() })

const getLicensees = createRoute({
  method: 'get',
  path: '/licensees',
  summary: 'Licensees by name, for the vendor',
  ...reads('listLicensees', 'vendor:read'),
  request: { query: LicenseesQuery },
  responses: { 200: json(pageOf(LicenseeView), 'One page.'), ...refusals },
})

const postLicensee = createRoute({
  method: 'post',
  path: '/licensees',
  summary: 'Add a licensee, and invite its first owner',
  ...posts('createLicensee', 'vendor:act'),
  request: { headers: idempotencyHeader, body: body(LicenseeBody) },
  responses: { 201: json(LicenseeView, 'Added.'), ...refusals },
})

const getOne = createRoute({
  method: 'get',
  path: '/licensees/{licenseeId}',
  summary: 'One licensee',
  ...reads('getLicensee', 'read'),
  request: { params },
  responses: { 200: json(LicenseeView, 'The licensee.'), ...refusals },
})

const patchLicensee = createRoute({
  method: 'patch',
  path: '/licensees/{licenseeId}',
  summary: 'Change its name or where its mails go; whether it is trusted is the vendor’s to say',
  ...reads('updateLicensee', 'licensee:update'),
  request: { params, body: body(LicenseeChangeBody) },
  responses: { 200: json(LicenseeView, 'As it is now.'), ...refusals },
})

export const licensees = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getLicensees, async (c) => {
    const { limit, after, name } = c.req.valid('query')
    const page = await listLicensees(c.var.ctx, {
      limit,
      ...(after === undefined ? {} : { after }),
      ...(name === undefined ? {} : { namePrefix: name }),
    })
    return c.json(pageOf(LicenseeView).parse(pageView(page.licensees.map(licenseeView), page.next)), 200)
  })
  .openapi(postLicensee, async (c) => {
    const { ctx, onceKey } = c.var
    const { name, billing_email: billingEmail, is_trusted: isTrusted, owner } = c.req.valid('json')
    const licensee = await registerLicensee(ctx, {
      name,
      billingEmail,
      ...(isTrusted === undefined ? {} : { isTrusted }),
      ...(onceKey === undefined ? {} : { onceKey }),
    })
    if (owner !== undefined) await inviteOwner(ctx, licensee.licenseeId, owner)
    return c.json(LicenseeView.parse(licenseeView(licensee)), 201)
  })
  .openapi(getOne, async (c) =>
    c.json(LicenseeView.parse(licenseeView(await getLicensee(c.var.ctx, c.req.valid('param').licenseeId))), 200),
  )
  .openapi(patchLicensee, async (c) => {
    const { ctx, principal } = c.var
    const { name, billing_email: billingEmail, is_trusted: isTrusted, is_early: isEarly } = c.req.valid('json')
    if ((isTrusted !== undefined || isEarly !== undefined) && !isVendorRole(principal.role))
      throw ApiFailure.forbidden('Only the vendor says whom it trusts, and who is early.')
    const licensee = await updateLicensee(ctx, {
      licenseeId: c.req.valid('param').licenseeId,
      change: {
        ...(name === undefined ? {} : { name }),
        ...(billingEmail === undefined ? {} : { billingEmail }),
        ...(isTrusted === undefined ? {} : { isTrusted }),
        ...(isEarly === undefined ? {} : { isEarly }),
      },
    })
    return c.json(LicenseeView.parse(licenseeView(licensee)), 200)
  })

/** A request that died may have invited him already. */
async function inviteOwner(
  ctx: ControlCtx,
  licenseeId: string,
  owner: { readonly email: string; readonly name: string },
): Promise<void> {
  try {
    await invitePerson(ctx, { organization: { kind: 'licensee', licenseeId }, ...owner, role: 'owner' })
  } catch (error) {
    if (!isFailure(error, 'person.member_already')) throw error
  }
}
