import * as z from 'zod'
import { DELIVERY_STATES } from '#shared/contracts/delivery-states.ts'
import type { WebhookType } from '#shared/contracts/webhooks-api.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { addDay, addTotals, type CounterDelta, tallied } from '../counters/counters.ts'
import { type Invitation, invitationKey } from '../invitation/invitation.ts'
import { findInvitation } from '../invitation/invitation-store.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { Chunk, isChunkId } from '../send-ledger/chunk.ts'
import { isFinished, LEDGER_ROW_SECONDS, Ledger, ledgerKey } from '../send-ledger/ledger.ts'
import { addUsage } from '../usage/usage.ts'
import { tellWebhooks } from '../webhook/tell-webhooks.ts'

export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** Of a late mail more will be told, and is counted then. */
const UNCOUNTED: ReadonlySet<DeliveryState> = new Set(['delayed'])

/** What a tenant's mail may be stopped for. */
const BAD: ReadonlySet<DeliveryState> = new Set(['bounced', 'complained'])

/** All that was told of one mail. */
const ToldRow = z.object({ states: z.array(z.enum(DELIVERY_STATES)) })

const SEND_ID = /^snd_(.{1,150})-(\d{1,3})-(\d{1,6})$/

/** Of two tellings at once the second looks again, at most so often. */
const TRIES = 5

/**
 * Notes what became of one mail, by the id of its attempt: each state once, however often and in whatever order it is told, in one transaction
 * with the counters. The attendee is shown the worst. Undefined when it is no mail to an attendee, or nothing is kept of it any more.
 */
export async function moveDelivery(
  ctx: Ctx,
  told: {
    readonly sendId: string
    readonly state: DeliveryState
    /** Only a mail to this address is meant. */
    readonly onlyOf?: string
  },
): Promise<{ readonly invitation: Invitation; readonly isNew: boolean; readonly attempted: Attempted } | undefined> {
  const found = await findMail(ctx, told.sendId)
  if (found === undefined) return undefined
  const { invitation, mailKey, attempted } = found
  if (told.onlyOf !== undefined && normalizeAddress(invitation.address) !== told.onlyOf) return undefined
  for (let attempt = 1; ; attempt += 1) {
    const row = await ctx.table.get(mailKey)
    const before = row === undefined ? [] : ToldRow.parse(row).states
    if (before.includes(told.state)) return { invitation, isNew: false, attempted }
    try {
      const facts = await toldOfState(ctx, invitation, told.state)
      await ctx.table.transact([...movesOf(ctx, found, told, before), ...facts.operations])
      for (const { topicName, body } of facts.notices) await ctx.topics.publish(topicName, body)
      return { invitation, isNew: true, attempted }
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}

/** One attempt at one mail, as its ledger knows it. */
export type Attempted = {
  readonly chunk: Chunk
  readonly index: number
  readonly attempt: number
  /** SEQUENCE that the attempt sent. */
  readonly sequence: number
  /** Nobody works on the ledger any more: what its entries say stays. */
  readonly isFinished: boolean
}

type Found = {
  readonly invitation: Invitation
  readonly attempted: Attempted
  readonly mailKey: { readonly pk: string; readonly sk: string }
}

async function findMail(ctx: Ctx, sendId: string): Promise<Found | undefined> {
  const [, ledgerId = '', index = '', attempt = ''] = SEND_ID.exec(sendId) ?? []
  // Notices have ledgers too, and the feed tells of them as well.
  const row = isChunkId(ledgerId) ? await ctx.table.get(ledgerKey(ledgerId)) : undefined
  if (row === undefined) return undefined
  const chunk = Chunk.parse(row)
  const ledger = Ledger.parse(row)
  const invitationId = chunk.invitationIds[Number(index)]
  if (invitationId === undefined) return undefined
  const invitation = await findInvitation(ctx, chunk.eventId, invitationId)
  if (invitation === undefined) return undefined
  return {
    invitation,
    attempted: {
      chunk,
      index: Number(index),
      attempt: Number(attempt),
      sequence: ledger.sequences?.[attempt] ?? chunk.sequence,
      isFinished: isFinished(ledger),
    },
    // Attempts at one mail are one mail: whatever was told of any of them.
    mailKey: { pk: `ledger#${ledgerId}`, sk: `feed#${index.padStart(3, '0')}` },
  }
}

const TELLING: Partial<Readonly<Record<DeliveryState, WebhookType>>> = {
  bounced: 'invitation.bounced',
  complained: 'invitation.complained',
}

async function toldOfState(ctx: Ctx, { eventId, invitationId, address }: Invitation, state: DeliveryState) {
  const type = TELLING[state]
  if (type === undefined) return { operations: [], notices: [] }
  return tellWebhooks(ctx, { type, data: { event_id: eventId, invitation_id: invitationId }, email: address })
}

function movesOf(
  ctx: Ctx,
  { invitation, mailKey }: Found,
  { state, sendId }: { readonly sendId: string; readonly state: DeliveryState },
  before: readonly DeliveryState[],
): readonly WriteOperation[] {
  const now = ctx.clock.now()
  const { eventId, invitationId } = invitation
  const states = DELIVERY_STATES.filter((one) => one === state || before.includes(one))
  const isCounted = !UNCOUNTED.has(state)
  const counted = { [state]: 1 }
  const isShown = states.at(-1) === state
  return [
    {
      kind: 'put',
      item: { ...mailKey, states, count: states.length, expiresAt: Math.floor(now / 1000) + LEDGER_ROW_SECONDS },
      // Only ever added to: the count tells whether somebody has added meanwhile.
      when: before.length === 0 ? { row: 'absent' } : { attribute: 'count', is: '=', value: before.length },
    },
    ...(isShown || isCounted
      ? [
          ofInvitation(eventId, invitationId, {
            shown: isShown ? { deliveryState: state, deliveryAt: now } : {},
            counted: isCounted ? counted : {},
          }),
        ]
      : []),
    ...(isCounted ? [addTotals(ctx, eventId, sendId, counted), addDay(ctx, eventId, now, sendId, counted)] : []),
    ...(BAD.has(state) ? [addUsage(ctx, now, sendId, counted)] : []),
  ]
}

function ofInvitation(
  eventId: string,
  invitationId: string,
  { shown, counted }: { readonly shown: Readonly<Record<string, string | number>>; readonly counted: CounterDelta },
): WriteOperation {
  return {
    kind: 'update',
    key: invitationKey(eventId, invitationId),
    set: shown,
    add: tallied(counted),
    when: { row: 'present' },
  }
}
