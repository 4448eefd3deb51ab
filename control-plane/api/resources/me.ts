import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type * as z from 'zod'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { actFor } from '#control-plane/core/person/act-for.ts'
import { acceptInvitation } from '#control-plane/core/person/change-membership.ts'
import type { Membership } from '#control-plane/core/person/membership.ts'
import { membershipsOf } from '#control-plane/core/person/membership-store.ts'
import type { Organization } from '#control-plane/core/person/organization.ts'
import { organizationName, organizationNamed } from '#control-plane/core/person/organization.ts'
import { PersonFailure } from '#control-plane/core/person/person.ts'
import { findPerson } from '#control-plane/core/person/person-store.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { ActForBody, MeView, OrganizationView } from '#shared/contracts/control-api.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { impersonationView } from '../views.ts'

const getMe = createRoute({
  method: 'get',
  path: '/me',
  summary: 'Who asks, for whom, and what he may do',
  ...reads('getMe', 'read'),
  responses: { 200: json(MeView, 'Who asks.'), ...refusals },
})

const postActFor = createRoute({
  method: 'post',
  path: '/me/act-for',
  summary: 'Act for another organization from now on, in this session; an invitation is accepted by it',
  ...posts('actFor', 'self'),
  request: { headers: idempotencyHeader, body: body(ActForBody) },
  responses: { 200: json(pageOf(OrganizationView), 'All organizations, the chosen one current.'), ...refusals },
})

export const me = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getMe, async (c) => c.json(MeView.parse(await meView(c)), 200))
  .openapi(postActFor, async (c) => {
    const { ctx, principal } = c.var
    const { session, personId } = principal
    const { licensee_id: licenseeId } = c.req.valid('json')
    if (session === undefined || personId === undefined) throw PersonFailure.not_found('There is no such organization.')
    const organization: Organization = licenseeId === undefined ? { kind: 'vendor' } : { kind: 'licensee', licenseeId }
    await acceptInvitation(ctx, { organization, personId })
    await actFor(ctx, { session, organization })
    const organizations = organizationViews(await membershipsOf(ctx, personId), organization)
    return c.json(pageOf(OrganizationView).parse(pageView(organizations, undefined)), 200)
  })

async function meView(c: Context<ApiEnv>): Promise<z.infer<typeof MeView>> {
  const { ctx, principal } = c.var
  const { personId, organization, session } = principal
  const licensee = organization.kind === 'licensee' ? { licensee_id: organization.licenseeId } : {}
  const common = { role: principal.role, is_read_only: principal.isReadOnly, ...licensee }
  if (personId === undefined) return { kind: 'key', id: principal.actor.id, ...common, organizations: [] }
  const [person, memberships] = await Promise.all([findPerson(ctx, personId), membershipsOf(ctx, personId)])
  const looking = principal.isReadOnly ? session?.impersonation : undefined
  return {
    kind: 'person',
    id: personId,
    ...(person === undefined ? {} : { email: person.email, name: person.name }),
    ...common,
    ...(looking === undefined
      ? {}
      : {
          impersonation: {
            ...impersonationView(looking),
            licensee_name: (await getLicensee(ctx, looking.licenseeId)).name,
          },
        }),
    organizations: organizationViews(memberships, organization),
  }
}

function organizationViews(memberships: readonly Membership[], current: Organization) {
  return memberships.map((membership) => {
    const organization = organizationNamed(membership.organizationName)
    return {
      kind: organization.kind,
      ...(organization.kind === 'licensee' ? { licensee_id: organization.licenseeId } : {}),
      role: membership.role,
      state: membership.state,
      is_current: membership.organizationName === organizationName(current),
    }
  })
}
