import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { linkCustomerAccount } from '#control-plane/provisioning/link-customer-account.ts'
import { AccountBody } from '#shared/contracts/control-claims.ts'
import { TenantView } from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { posts } from '../operation.ts'
import { body, idempotencyHeader, json, refusals } from '../responses.ts'
import { tenantView } from '../tenant-views.ts'
import { validated } from '../validated.ts'

const postAccount = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/account',
  summary: 'Say which AWS account of the customer’s it is, and the role that works there',
  ...posts('linkAccount', 'domains:manage'),
  request: { headers: idempotencyHeader, params: z.object({ tenantId: z.string() }), body: body(AccountBody) },
  responses: { 200: json(TenantView, 'As it is now.'), ...refusals },
})

export const accounts = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(postAccount, async (c) => {
  const { ctx, principal } = c.var
  const { aws_account_id: awsAccountId, operating_role_arn: operatingRoleArn, outputs } = c.req.valid('json')
  const tenant = await linkCustomerAccount(ctx, {
    ...c.req.valid('param'),
    awsAccountId,
    operatingRoleArn,
    ...(outputs === undefined ? {} : { outputs }),
  })
  return c.json(TenantView.parse(tenantView(tenant, principal.organization.kind === 'vendor')), 200)
})
