import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import { ProposalView } from '#shared/contracts/replies-api.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { maskAddress } from '#tenant-stack/core/mailbox/mask-address.ts'
import { acceptProposal, declineProposal } from '#tenant-stack/core/proposal/decide-proposal.ts'
import { type Proposal, standingState } from '#tenant-stack/core/proposal/proposal.ts'
import { listProposals } from '#tenant-stack/core/proposal/proposal-store.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { conflict, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { isoOf, timeView } from '../views.ts'

const getProposals = createRoute({
  method: 'get',
  path: '/events/{eventId}/proposals',
  operationId: 'listProposals',
  summary: 'Other times that attendees propose, oldest first',
  security: [{ key: ['attendees:read'] }],
  middleware: [requireScope('attendees:read')] as const,
  request: { params: z.object({ eventId: z.string() }), query: PageQuery },
  responses: { 200: json(pageOf(ProposalView), 'One page.'), ...refusals },
})

function deciding<const V extends 'accept' | 'decline'>(verb: V, summary: string) {
  return createRoute({
    method: 'post',
    path: `/proposals/{proposalId}/${verb}`,
    operationId: `${verb}Proposal`,
    summary,
    security: [{ key: ['events:write'] }],
    middleware: [requireScope('events:write'), idempotent] as const,
    request: {
      params: z.object({ proposalId: z.string() }),
      headers: z.object({ 'idempotency-key': z.string().min(1).max(255).optional() }),
    },
    responses: { 200: json(ProposalView, 'As it is now.'), ...conflict, ...refusals },
  })
}

const postAccept = deciding('accept', 'Move the event to a proposed time, and tell everybody who has to know')
const postDecline = deciding('decline', 'Keep the time, and tell the one who proposed another')

export const proposals = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getProposals, async (c) => {
    const { ctx, principal } = c.var
    const { limit, after } = c.req.valid('query')
    const calendarEvent = await getEvent(ctx, c.req.valid('param').eventId)
    const { eventId } = calendarEvent
    const page = await listProposals(ctx, { eventId, limit, ...(after === undefined ? {} : { cursor: after }) })
    const isUnmasked = principal.scopes.includes('attendees:unmasked')
    const data = page.proposals.map((proposal) => proposalView(calendarEvent, proposal, isUnmasked))
    const next = page.cursor === undefined ? {} : { next_cursor: page.cursor }
    return c.json(pageOf(ProposalView).parse({ data, has_more: page.cursor !== undefined, ...next }), 200)
  })
  .openapi(postAccept, async (c) => {
    const { ctx, principal } = c.var
    const proposal = await acceptProposal(ctx, { ...c.req.valid('param'), by: 'api' })
    const isUnmasked = principal.scopes.includes('attendees:unmasked')
    return c.json(proposalView(await getEvent(ctx, proposal.eventId), proposal, isUnmasked), 200)
  })
  .openapi(postDecline, async (c) => {
    const { ctx, principal } = c.var
    const proposal = await declineProposal(ctx, { ...c.req.valid('param'), by: 'api' })
    const isUnmasked = principal.scopes.includes('attendees:unmasked')
    return c.json(proposalView(await getEvent(ctx, proposal.eventId), proposal, isUnmasked), 200)
  })

function proposalView(
  calendarEvent: CalendarEvent,
  proposal: Proposal,
  isUnmasked: boolean,
): z.infer<typeof ProposalView> {
  const state = standingState(proposal, calendarEvent)
  const spanOf = ({ dtstart, dtend }: Proposal['from']) => ({ start: timeView(dtstart), end: timeView(dtend) })
  return {
    id: proposal.proposalId,
    event_id: proposal.eventId,
    invitation_id: proposal.invitationId,
    state,
    is_acceptable: state === 'open' && !proposal.isWholeSeries,
    proposed_by: isUnmasked ? proposal.proposedBy : maskAddress(proposal.proposedBy),
    from: spanOf(proposal.from),
    to: spanOf(proposal.to),
    ...(proposal.recurrenceKey === undefined ? {} : { instance: proposal.recurrenceKey }),
    ...(proposal.comment === undefined || !isUnmasked ? {} : { comment: proposal.comment }),
    sequence: proposal.sequence,
    created_at: isoOf(proposal.createdAt),
    ...(proposal.decidedAt === undefined ? {} : { decided_at: isoOf(proposal.decidedAt) }),
    ...(proposal.decidedBy === undefined ? {} : { decided_by: proposal.decidedBy }),
  }
}
