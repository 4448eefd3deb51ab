import { Hono } from 'hono'
import { html } from 'hono/html'
import { tokenNotBefore } from '#control-plane/core/domain/claim-ask.ts'
import { findProof } from '#control-plane/core/domain/claim-proof.ts'
import { readStanding } from '#control-plane/core/domain/claim-standing.ts'
import { keepContest } from '#control-plane/core/domain/contest-keep.ts'
import type { ContestRow } from '#control-plane/core/domain/contest-row.ts'
import { proveClaim } from '#control-plane/provisioning/prove-claim.ts'
import { needs } from '../authenticate.ts'
import { claimView, contestView } from '../claim-views.ts'
import { domainNameOf } from '../domain-name-of.ts'
import type { ApiEnv, ControlCtx } from '../env.ts'
import { licenseeOf } from '../organization-of.ts'
import { contestsFor } from '../owned-lists.ts'
import { accountPage } from './account-page.ts'
import { mayPress } from './acts.ts'
import { type ContestItem, contestList } from './contest-list.ts'
import { failedPage } from './failed-page.ts'
import { listQuery, nextPathOf } from './list-query.ts'

/** Names of a licensee that somebody else has proven, and how he keeps them. */
export const contestRoutes = new Hono<ApiEnv>()
  .onError(failedPage)
  .get('/contests', needs('read', 'listContests'), async (c) => {
    const { ctx, principal } = c.var
    const page = await contestsFor(c, listQuery(c))
    const isHolder = principal.organization.kind === 'licensee'
    const items = await Promise.all(page.contests.map((contest) => itemOf(ctx, contest)))
    return accountPage(c, {
      title: 'Contested domains',
      part: '/contests',
      isReadOnly: principal.isReadOnly,
      body: html`${contestList(items, isHolder && mayPress(c, 'domains:manage', 'keepContest'))}
${more(nextPathOf(c, page.next))}`,
    })
  })
  .post('/contests/:domainName/keep', needs('domains:manage', 'keepContest'), async (c) => {
    const licenseeId = await licenseeOf(c, undefined)
    const { domainName } = domainNameOf(c, c.req.param('domainName'))
    await keepContest(c.var.ctx, { licenseeId, domainName })
    return c.redirect('/contests', 303)
  })
  .post('/contests/:domainName/check', needs('domains:manage', 'checkProof'), async (c) => {
    const licenseeId = await licenseeOf(c, undefined)
    const { domainName } = domainNameOf(c, c.req.param('domainName'))
    await proveClaim(c.var.ctx, { licenseeId, domainName })
    return c.redirect('/contests', 303)
  })

/** With the record that keeps the name, once the holder has asked for it and while it serves. */
async function itemOf(ctx: ControlCtx, contest: ContestRow): Promise<ContestItem> {
  const { licenseeId } = contest.owner
  const view = contestView(contest, false)
  const proof = contest.state === 'open' ? await findProof(ctx, licenseeId, contest.domainName) : undefined
  const isOld =
    proof === undefined || proof.issuedAt < tokenNotBefore(contest, licenseeId) || proof.endsAt <= ctx.clock.now()
  return { contest: view, proof: isOld ? undefined : claimView(proof, await readStanding(ctx, proof)) }
}

function more(path: string | undefined) {
  return path === undefined ? '' : html`<a class="button" href="${path}">More</a>`
}
