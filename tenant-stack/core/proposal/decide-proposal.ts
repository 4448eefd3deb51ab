import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { assertLicensed } from '../licence-standing/held-work.ts'
import { publish } from '../publish.ts'
import { declineLedgerId } from '../send-ledger/chunk.ts'
import { planLedgerOperation } from '../send-ledger/plan-ledger.ts'
import { markUnfinished } from '../unfinished.ts'
import { isStale, keyOf, type Proposal, ProposalFailure } from './proposal.ts'
import { getProposal } from './proposal-store.ts'

type Input = { readonly proposalId: string; readonly by: 'link' | 'api' }

/** Somebody else may decide it at the same moment; what he decided is then seen. */
const TRIES = 4

/**
 * The organizer takes a proposed time over. What he said is kept here; the event is moved by the pipeline that moves it for his mails. Saying it
 * again changes nothing. Throws `proposal.not_found`, `.decided`, `.stale`, `.whole_series`.
 */
export async function acceptProposal(ctx: Ctx, input: Input): Promise<Proposal> {
  const { proposalId } = input
  const proposal = await decide(ctx, input, ['accepting', 'accepted'], (open) => {
    if (open.isWholeSeries)
      throw ProposalFailure.whole_series('A whole series is moved in your own calendar; we hear of it from there.')
    const body = JSON.stringify({ proposalId })
    const dueAt = ctx.clock.now() + 60_000
    const mark = markUnfinished(ctx, { rowName: proposalId, dueAt, topicName: 'proposal-accepted', body })
    return { state: 'accepting', set: mark, also: [] }
  })
  if (proposal.state === 'accepting') await publish(ctx, 'proposal-accepted', { proposalId })
  return proposal
}

/** The time stays; who proposed another is told so (RFC 5546 §3.2.8). Saying it again changes nothing. Throws as `acceptProposal`. */
export async function declineProposal(ctx: Ctx, input: Input): Promise<Proposal> {
  const chunkId = declineLedgerId(input.proposalId)
  const resume = { topicName: 'invitation-requested', body: JSON.stringify({ chunkId }) } as const
  const proposal = await decide(ctx, input, ['declined'], () => ({
    state: 'declined',
    set: {},
    also: [planLedgerOperation(ctx, chunkId, resume)],
  }))
  await publish(ctx, 'invitation-requested', { chunkId })
  return proposal
}

type Decision = {
  readonly state: 'accepting' | 'declined'
  readonly set: NonNullable<Extract<WriteOperation, { kind: 'update' }>['set']>
  readonly also: readonly WriteOperation[]
}

async function decide(
  ctx: Ctx,
  { proposalId, by }: Input,
  done: readonly Proposal['state'][],
  decisionOf: (open: Proposal) => Decision,
): Promise<Proposal> {
  for (let attempt = 1; ; attempt += 1) {
    const proposal = await getProposal(ctx, proposalId)
    if (done.includes(proposal.state)) return proposal
    await assertLicensed(ctx)
    if (proposal.state !== 'open')
      throw proposal.state === 'stale'
        ? ProposalFailure.stale('The event has another time by now, or is cancelled.')
        : ProposalFailure.decided(`This proposal is ${proposal.state.replaceAll('_', ' ')}.`)
    if (isStale(proposal, await getEvent(ctx, proposal.eventId)))
      throw ProposalFailure.stale('The event has another time by now, or is cancelled.')
    const { state, set, also } = decisionOf(proposal)
    const decided = { state, decidedAt: ctx.clock.now(), decidedBy: by }
    try {
      await ctx.table.transact([
        {
          kind: 'update',
          key: keyOf(proposalId),
          set: { ...decided, ...set },
          when: { attribute: 'state', is: '=', value: 'open' },
        },
        ...also,
      ])
      return { ...proposal, ...decided }
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}
