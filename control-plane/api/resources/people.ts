import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { changeRole } from '#control-plane/core/person/change-membership.ts'
import { invitePerson } from '#control-plane/core/person/invite-person.ts'
import { listPeople } from '#control-plane/core/person/membership-store.ts'
import { removePerson } from '#control-plane/core/person/remove-person.ts'
import { pageOf } from '#shared/contracts/api.ts'
import {
  InviteBody,
  OwnedPageQuery,
  OwnerQuery,
  PersonView,
  RemovalView,
  RoleBody,
} from '#shared/contracts/control-api.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { organizationOf } from '../organization-of.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { personView, removalView } from '../views.ts'

const params = z.object({ personId: z.string() })

const getPeople = createRoute({
  method: 'get',
  path: '/people',
  summary: 'People of an organization, invited ones among them',
  ...reads('listPeople', 'read'),
  request: { query: OwnedPageQuery },
  responses: { 200: json(pageOf(PersonView), 'One page.'), ...refusals },
})

const postPerson = createRoute({
  method: 'post',
  path: '/people',
  summary: 'Invite somebody: a mail tells him, and he accepts by signing in',
  ...posts('invitePerson', 'people:manage'),
  request: { headers: idempotencyHeader, query: OwnerQuery, body: body(InviteBody) },
  responses: { 201: json(PersonView, 'Invited.'), ...refusals },
})

const patchPerson = createRoute({
  method: 'patch',
  path: '/people/{personId}',
  summary: 'Give somebody another role',
  ...reads('changeRole', 'people:manage'),
  request: { params, query: OwnerQuery, body: body(RoleBody) },
  responses: { 200: json(PersonView, 'As he is now.'), ...refusals },
})

const deletePerson = createRoute({
  method: 'delete',
  path: '/people/{personId}',
  summary: 'Take somebody out, or an invitation back; at once, with the keys that he minted and his sessions',
  ...reads('removePerson', 'people:manage'),
  request: { params, query: OwnerQuery },
  responses: { 200: json(RemovalView, 'Gone, and what ended with him.'), ...refusals },
})

export const people = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getPeople, async (c) => {
    const { licensee_id, limit, after } = c.req.valid('query')
    const organization = await organizationOf(c, licensee_id)
    const page = await listPeople(c.var.ctx, { organization, limit, ...(after === undefined ? {} : { after }) })
    return c.json(pageOf(PersonView).parse(pageView(page.people.map(personView), page.next)), 200)
  })
  .openapi(postPerson, async (c) => {
    const organization = await organizationOf(c, c.req.valid('query').licensee_id)
    const membership = await invitePerson(c.var.ctx, { organization, ...c.req.valid('json') })
    return c.json(PersonView.parse(personView(membership)), 201)
  })
  .openapi(patchPerson, async (c) => {
    const organization = await organizationOf(c, c.req.valid('query').licensee_id)
    const { personId } = c.req.valid('param')
    const membership = await changeRole(c.var.ctx, { organization, personId, role: c.req.valid('json').role })
    return c.json(PersonView.parse(personView(membership)), 200)
  })
  .openapi(deletePerson, async (c) => {
    const organization = await organizationOf(c, c.req.valid('query').licensee_id)
    const { personId } = c.req.valid('param')
    const removal = await removePerson(c.var.ctx, { organization, personId })
    return c.json(RemovalView.parse(removalView(personId, removal)), 200)
  })
