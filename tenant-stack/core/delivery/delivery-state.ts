import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { addDay, addTotals } from '../counters/counters.ts'
import { type Invitation, invitationKey } from '../invitation/invitation.ts'
import { findInvitation } from '../invitation/invitation-store.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { findChunk, isChunkId } from '../send-ledger/chunk.ts'
import { LEDGER_ROW_SECONDS } from '../send-ledger/ledger.ts'
import { addUsage } from '../usage/usage.ts'

/** What is told of a mail after it was handed over, each worse or surer than the one before: one that was delivered may bounce later, and be complained about. */
export const DELIVERY_STATES = ['delivered', 'bounced', 'complained'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

const StateRow = z.object({ rank: z.number() })
const SEND_ID = /^snd_(.{1,150})-(\d{1,3})-(\d{1,6})$/

/** Of two tellings at once the second looks again, at most so often. */
const TRIES = 5

/**
 * Notes what became of one mail, by the id of its attempt: each state once, however often and in whatever order it is told, in one transaction
 * with the counters. Undefined when it is no mail to an attendee, or nothing is kept of it any more.
 */
export async function moveDelivery(
  ctx: Ctx,
  told: {
    readonly sendId: string
    readonly state: DeliveryState
    /** Only a mail to this address is meant. */
    readonly onlyOf?: string
  },
): Promise<{ readonly invitation: Invitation; readonly isNew: boolean } | undefined> {
  const found = await findMail(ctx, told.sendId)
  if (found === undefined) return undefined
  const { invitation, mailKey } = found
  if (told.onlyOf !== undefined && normalizeAddress(invitation.address) !== told.onlyOf) return undefined
  const rank = DELIVERY_STATES.indexOf(told.state)
  for (let attempt = 1; ; attempt += 1) {
    const row = await ctx.table.get(mailKey)
    const before = row === undefined ? -1 : StateRow.parse(row).rank
    if (before >= rank) return { invitation, isNew: false }
    try {
      await ctx.table.transact(movesOf(ctx, found, told, { before, rank }))
      return { invitation, isNew: true }
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}

type Found = {
  readonly invitation: Invitation
  readonly mailKey: { readonly pk: string; readonly sk: string }
}

async function findMail(ctx: Ctx, sendId: string): Promise<Found | undefined> {
  const [, ledgerId = '', index = ''] = SEND_ID.exec(sendId) ?? []
  // Notices have ledgers too, and the feed tells of them as well.
  const chunk = isChunkId(ledgerId) ? await findChunk(ctx, ledgerId) : undefined
  const invitationId = chunk?.invitationIds[Number(index)]
  if (chunk === undefined || invitationId === undefined) return undefined
  const invitation = await findInvitation(ctx, chunk.eventId, invitationId)
  // Attempts at one mail are one mail: whatever was told of any of them.
  return invitation === undefined
    ? undefined
    : { invitation, mailKey: { pk: `ledger#${ledgerId}`, sk: `feed#${index.padStart(3, '0')}` } }
}

function movesOf(
  ctx: Ctx,
  { invitation, mailKey }: Found,
  { state, sendId }: { readonly sendId: string; readonly state: DeliveryState },
  { before, rank }: { readonly before: number; readonly rank: number },
): readonly WriteOperation[] {
  const now = ctx.clock.now()
  const { eventId, invitationId } = invitation
  const counted = { [state]: 1 }
  return [
    {
      kind: 'put',
      item: { ...mailKey, rank, expiresAt: Math.floor(now / 1000) + LEDGER_ROW_SECONDS },
      when: before < 0 ? { row: 'absent' } : { attribute: 'rank', is: '=', value: before },
    },
    {
      kind: 'update',
      key: invitationKey(eventId, invitationId),
      set: { deliveryState: state, deliveryAt: now },
      when: { row: 'present' },
    },
    addTotals(ctx, eventId, sendId, counted),
    addDay(ctx, eventId, now, sendId, counted),
    ...(state === 'delivered' ? [] : [addUsage(ctx, now, sendId, counted)]),
  ]
}
