import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { createApi } from './app.ts'

const OpenApiPaths = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ security: z.array(z.unknown()) }))),
})

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(() => tenant.close())

it('200: OpenAPI 3.1 names every route, its scope and the problem shape', async () => {
  const body: unknown = await (await createApi(tenant.ctx).request('/v1/openapi.json')).json()
  expect(body).toMatchObject({ openapi: '3.1.0' })
  const { paths } = OpenApiPaths.parse(body)
  expect(Object.keys(paths).toSorted()).toEqual([
    '/v1/brand',
    '/v1/erasures',
    '/v1/erasures/{erasureId}',
    '/v1/events',
    '/v1/events/{eventId}',
    '/v1/events/{eventId}/attendees',
    '/v1/events/{eventId}/attendees/{invitationId}/answers',
    '/v1/events/{eventId}/calendar.ics',
    '/v1/events/{eventId}/invitations',
    '/v1/events/{eventId}/lists',
    '/v1/events/{eventId}/proposals',
    '/v1/events/{eventId}/recount',
    '/v1/events/{eventId}/report.csv',
    '/v1/events/{eventId}/reports',
    '/v1/events/{eventId}/statistics',
    '/v1/exports',
    '/v1/exports/{exportId}',
    '/v1/exports/{exportId}/file',
    '/v1/keys',
    '/v1/keys/{keyId}',
    '/v1/keys/{keyId}/rotate',
    '/v1/lists/{listId}',
    '/v1/lists/{listId}/cancel',
    '/v1/lists/{listId}/confirm',
    '/v1/lists/{listId}/pause',
    '/v1/lists/{listId}/resume',
    '/v1/lists/{listId}/rows',
    '/v1/organizers',
    '/v1/organizers/{email}',
    '/v1/organizers/{email}/events',
    '/v1/organizers/{email}/recount',
    '/v1/organizers/{email}/sessions',
    '/v1/organizers/{email}/sessions/{sessionId}',
    '/v1/organizers/{email}/statistics',
    '/v1/proposals/{proposalId}/accept',
    '/v1/proposals/{proposalId}/decline',
    '/v1/received-mails',
    '/v1/recount',
    '/v1/sending',
    '/v1/sending/resume',
    '/v1/statistics',
    '/v1/suppressions',
    '/v1/suppressions/{suppressionId}',
    '/v1/webhooks',
    '/v1/webhooks/{webhookId}',
    '/v1/webhooks/{webhookId}/deliveries',
    '/v1/webhooks/{webhookId}/deliveries/{deliveryId}/resend',
    '/v1/webhooks/{webhookId}/rotate',
    '/v1/webhooks/{webhookId}/test',
  ])
  for (const operations of Object.values(paths))
    for (const operation of Object.values(operations)) expect(operation.security).toHaveLength(1)
})
