import * as z from 'zod'
import { MailReceived } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { CellCtx } from './context.ts'

/** Longer than a receipt can wait (14 days in its queue's dead letters) and than the inlet keeps an object (30 days). */
const ROW_SECONDS = 40 * 86_400

/**
 * What the cell knows of a received mail. `received`: its notice for all recipients is kept, so that no lost queue message loses a
 * recipient or a verdict. `swept`: routed by the trace alone; its receipt may come yet and name more recipients. `unroutable`: nobody
 * can be told of it, and why. `routed`: every tenant has copy and notice, and the recipients are forgotten.
 */
export const InletMail = z.object({
  state: z.enum(['received', 'swept', 'unroutable', 'routed']),
  notice: MailReceived.optional(),
  /** Whom the trace names, where that is all we have. */
  tracedRecipient: z.string().optional(),
})
export type InletMail = z.infer<typeof InletMail>

/** How a mail was routed: who may read its copy, and why recipients got none. */
export type RoutedOutcome = {
  readonly tenants: readonly string[]
  readonly unclaimed: Readonly<Record<string, number>>
}

const mailKey = (mailId: string): TableKey => ({ pk: `inlet#${mailId}`, sk: 'mail' })
const deliveryKey = (mailId: string, tenantId: string): TableKey => ({ pk: `inlet#${mailId}`, sk: `to#${tenantId}` })

export async function findInletMail(ctx: CellCtx, mailId: string): Promise<InletMail | undefined> {
  const row = await ctx.table.get(mailKey(mailId))
  return row === undefined ? undefined : InletMail.parse(row)
}

/** Keeps a receipt before anything is done about it; whatever the sweep guessed before gives way. */
export async function keepNotice(ctx: CellCtx, notice: MailReceived): Promise<void> {
  await writeUnless(ctx, {
    kind: 'update',
    key: mailKey(notice.mailId),
    set: { state: 'received', notice: noticeRow(notice), expiresAt: expiry(ctx) },
    remove: ['tracedRecipient'],
    when: { anyOf: [{ row: 'absent' }, { attribute: 'state', is: '<>', value: 'routed' }] },
  })
}

/** What the sweep found; a receipt that came meanwhile knows better. */
export async function keepSwept(
  ctx: CellCtx,
  mailId: string,
  swept: { readonly state: 'swept' | 'unroutable'; readonly tracedRecipient?: string },
): Promise<void> {
  await writeUnless(ctx, {
    kind: 'update',
    key: mailKey(mailId),
    set: { ...swept, expiresAt: expiry(ctx) },
    when: { anyOf: [{ row: 'absent' }, { attribute: 'state', is: '=', value: 'unroutable' }] },
  })
}

/** Every tenant has copy and notice: only how many is remembered, not whose addresses they were. */
export async function keepOutcome(ctx: CellCtx, mailId: string, outcome: RoutedOutcome): Promise<void> {
  await ctx.table.write({
    kind: 'update',
    key: mailKey(mailId),
    set: {
      state: 'routed',
      tenants: [...outcome.tenants],
      unclaimed: { ...outcome.unclaimed },
      routedAt: ctx.clock.now(),
      expiresAt: expiry(ctx),
    },
    remove: ['notice', 'tracedRecipient'],
  })
}

export async function isDelivered(ctx: CellCtx, mailId: string, tenantId: string): Promise<boolean> {
  return (await ctx.table.get(deliveryKey(mailId, tenantId))) !== undefined
}

/** The tenant has copy and notice of the receipt; what the sweep told him by the trace alone is not marked. */
export async function markDelivered(ctx: CellCtx, mailId: string, tenantId: string): Promise<void> {
  await ctx.table.write({
    kind: 'put',
    item: { ...deliveryKey(mailId, tenantId), deliveredAt: ctx.clock.now(), expiresAt: expiry(ctx) },
  })
}

async function writeUnless(ctx: CellCtx, operation: WriteOperation): Promise<void> {
  try {
    await ctx.table.write(operation)
  } catch (error) {
    // Routed, or known better, meanwhile.
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}

/** The row's form of a notice: exactly what the contract carries. */
function noticeRow(notice: MailReceived) {
  const { mailId, receivedAt, sizeBytes, envelopeFrom, recipients, authentication } = notice
  return { mailId, receivedAt, sizeBytes, envelopeFrom, recipients, ...(authentication && { authentication }) }
}

function expiry(ctx: CellCtx): number {
  return Math.floor(ctx.clock.now() / 1000) + ROW_SECONDS
}
