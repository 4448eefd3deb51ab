import * as z from 'zod'
import type { Ctx } from '../context.ts'
import type { Proposal } from './proposal.ts'
import { findProposal } from './proposal-store.ts'

/** Longer than any meeting is planned ahead by a person who looks at his mail. */
const LINK_SECONDS = 180 * 86_400

const Link = z.object({ proposalId: z.string() })

function linkKey(ctx: Ctx, token: string) {
  return { pk: `proplink#${ctx.sha256(token)}`, sk: 'link' }
}

/** A link for the organizer that decides this one proposal and nothing else; its hash alone is kept, and stored before anybody is mailed it. */
export async function issueProposalLink(ctx: Ctx, { proposalId }: Proposal): Promise<string> {
  const token = ctx.ids.newToken()
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + LINK_SECONDS
  await ctx.table.write({
    kind: 'put',
    item: { ...linkKey(ctx, token), proposalId, expiresAt },
    when: { row: 'absent' },
  })
  return `${ctx.settings.pagesUrl}/proposal/${token}`
}

/** What a link stands for; undefined for one of nobody. */
export async function findByProposalLink(ctx: Ctx, token: string): Promise<Proposal | undefined> {
  if (!/^[0-9a-z]{26}$/.test(token)) return undefined
  const row = await ctx.table.get(linkKey(ctx, token))
  return row === undefined ? undefined : findProposal(ctx, Link.parse(row).proposalId)
}
