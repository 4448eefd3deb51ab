import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { askProof } from '#control-plane/core/domain/claim-ask.ts'
import { listProofs } from '#control-plane/core/domain/claim-proof.ts'
import { readStanding } from '#control-plane/core/domain/claim-standing.ts'
import { keepContest } from '#control-plane/core/domain/contest-keep.ts'
import { proveClaim } from '#control-plane/provisioning/prove-claim.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { OwnedPageQuery, OwnerQuery } from '#shared/contracts/control-api.ts'
import { ClaimBody, ClaimProofView, ContestView } from '#shared/contracts/control-claims.ts'
import { claimView, contestView } from '../claim-views.ts'
import { domainNameOf } from '../domain-name-of.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { licenseeOf } from '../organization-of.ts'
import { contestsFor } from '../owned-lists.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const params = z.object({ domainName: z.string() })

const postClaim = createRoute({
  method: 'post',
  path: '/claims',
  summary: 'Ask how to prove a name that somebody else holds, or that was lost',
  ...posts('askProof', 'domains:manage'),
  request: { headers: idempotencyHeader, body: body(ClaimBody) },
  responses: { 201: json(ClaimProofView, 'The record to enter.'), ...refusals },
})

const getClaims = createRoute({
  method: 'get',
  path: '/claims',
  summary: 'Names that a licensee proves',
  ...reads('listProofs', 'read'),
  request: { query: OwnedPageQuery },
  responses: { 200: json(pageOf(ClaimProofView), 'One page.'), ...refusals },
})

const postCheck = createRoute({
  method: 'post',
  path: '/claims/{domainName}/check',
  summary: 'Look for the record now',
  ...posts('checkProof', 'domains:manage'),
  request: { headers: idempotencyHeader, params, query: OwnerQuery },
  responses: { 200: json(ClaimProofView, 'Where it was seen, and what claiming would come to.'), ...refusals },
})

const getContests = createRoute({
  method: 'get',
  path: '/contests',
  summary: 'Names of a licensee that somebody else has proven; all of them for the vendor',
  ...reads('listContests', 'read'),
  request: { query: OwnedPageQuery },
  responses: { 200: json(pageOf(ContestView), 'One page.'), ...refusals },
})

const postKeep = createRoute({
  method: 'post',
  path: '/contests/{domainName}/keep',
  summary: 'Ask for the record by which the holder keeps a contested name',
  ...posts('keepContest', 'domains:manage'),
  request: { headers: idempotencyHeader, params, query: OwnerQuery },
  responses: { 201: json(ClaimProofView, 'The record to enter.'), ...refusals },
})

export const claims = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postClaim, async (c) => {
    const { domain_name, licensee_id } = c.req.valid('json')
    const { domainName, registrableName } = domainNameOf(c, domain_name)
    const proof = await askProof(c.var.ctx, {
      licenseeId: await licenseeOf(c, licensee_id),
      domainName,
      registrableName,
    })
    return c.json(ClaimProofView.parse(claimView(proof, await readStanding(c.var.ctx, proof))), 201)
  })
  .openapi(getClaims, async (c) => {
    const { limit, after, licensee_id } = c.req.valid('query')
    const licenseeId = await licenseeOf(c, licensee_id)
    const page = await listProofs(c.var.ctx, { licenseeId, limit, ...(after === undefined ? {} : { after }) })
    const data = await Promise.all(
      page.proofs.map(async (proof) => claimView(proof, await readStanding(c.var.ctx, proof))),
    )
    return c.json(pageOf(ClaimProofView).parse(pageView(data, page.next)), 200)
  })
  .openapi(postCheck, async (c) => {
    const licenseeId = await licenseeOf(c, c.req.valid('query').licensee_id)
    const { domainName } = domainNameOf(c, c.req.valid('param').domainName)
    const { proof, standing } = await proveClaim(c.var.ctx, { licenseeId, domainName })
    return c.json(ClaimProofView.parse(claimView(proof, standing)), 200)
  })
  .openapi(getContests, async (c) => {
    const page = await contestsFor(c, c.req.valid('query'))
    const isVendor = c.var.principal.organization.kind === 'vendor'
    const data = page.contests.map((contest) => contestView(contest, isVendor))
    return c.json(pageOf(ContestView).parse(pageView(data, page.next)), 200)
  })
  .openapi(postKeep, async (c) => {
    const licenseeId = await licenseeOf(c, c.req.valid('query').licensee_id)
    const { domainName } = domainNameOf(c, c.req.valid('param').domainName)
    const proof = await keepContest(c.var.ctx, { licenseeId, domainName })
    return c.json(ClaimProofView.parse(claimView(proof, await readStanding(c.var.ctx, proof))), 201)
  })
