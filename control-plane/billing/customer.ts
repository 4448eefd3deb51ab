import * as z from 'zod'
import { commit } from '#control-plane/core/commit.ts'
import type { Licensee } from '#control-plane/core/licensee/licensee.ts'
import { getLicensee, licenseeWrite } from '#control-plane/core/licensee/licensee-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem, TableKey } from '#shared/platform/table.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { withKey } from './idempotency.ts'

/** Whose a Stripe customer is; refunds and double purchases lie beside it. `fence` numbers the fetches of its truth. */
export const CustomerRow = z.object({
  stripeCustomerId: z.string(),
  licenseeId: z.string(),
  isLivemode: z.boolean(),
  fence: z.number(),
  /** When the last fetch began whose outcome was written. */
  syncedAt: z.number().exactOptional(),
  /** Where Stripe was last told to send invoices; what the payer enters there himself is his. */
  billingEmail: z.string().exactOptional(),
})
export type CustomerRow = z.infer<typeof CustomerRow>

export function customerPartition(stripeCustomerId: string): string {
  return `stripe-customer#${stripeCustomerId}`
}

export function customerKey(stripeCustomerId: string): TableKey {
  return { pk: customerPartition(stripeCustomerId), sk: 'customer' }
}

/** The licensee's Stripe customer, made when there is none, or was deleted: one for each licensee, before his first checkout. */
export async function ensureCustomer(ctx: BillingCtx, licenseeId: string): Promise<string> {
  const licensee = await getLicensee(ctx, licenseeId)
  if (licensee.stripeCustomerId !== undefined && (await isThere(ctx, licensee.stripeCustomerId)))
    return licensee.stripeCustomerId
  const stripeCustomerId = (await findCustomer(ctx, licensee)) ?? (await createCustomer(ctx, licensee))
  try {
    await record(ctx, licensee, stripeCustomerId)
    return stripeCustomerId
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    const now = await getLicensee(ctx, licenseeId)
    if (now.stripeCustomerId === undefined || now.stripeCustomerId === licensee.stripeCustomerId) throw error
    return now.stripeCustomerId
  }
}

/** A customer whose making was not heard of: an idempotency key is forgotten after a day, metadata is not. */
async function findCustomer(ctx: BillingCtx, { licenseeId, billingEmail }: Licensee): Promise<string | undefined> {
  const found = await ctx.stripe.customers.list({ email: billingEmail, limit: 100 }).autoPagingToArray({ limit: 1000 })
  return found.find(({ metadata }) => metadata.licenseeId === licenseeId)?.id
}

async function createCustomer(ctx: BillingCtx, licensee: Licensee): Promise<string> {
  const { licenseeId, name, billingEmail, stripeCustomerId } = licensee
  const key = stripeCustomerId === undefined ? `customer:${licenseeId}` : `customer:${licenseeId}:${stripeCustomerId}`
  const customer = await withKey(ctx, key, (idempotencyKey) =>
    ctx.stripe.customers.create({ name, email: billingEmail, metadata: { licenseeId } }, { idempotencyKey }),
  )
  return customer.id
}

async function record(ctx: BillingCtx, before: Licensee, stripeCustomerId: string): Promise<void> {
  const { licenseeId, billingEmail, version } = before
  const after: Licensee = { ...before, stripeCustomerId, version: version + 1 }
  const { isLivemode } = ctx.stripeSettings
  const row: CustomerRow = { stripeCustomerId, licenseeId, isLivemode, fence: 0, billingEmail }
  const item: TableItem = { ...customerKey(stripeCustomerId), ...row }
  await commit(ctx, {
    operations: [licenseeWrite(before, after), { kind: 'put', item, when: { row: 'absent' } }],
    audit: {
      action: 'licensee.customer_made',
      target: { kind: 'licensee', id: licenseeId },
      licenseeId,
      before,
      after,
    },
  })
}

/** A deleted customer takes no subscription any more (Stripe, "Delete a customer"). */
async function isThere(ctx: BillingCtx, stripeCustomerId: string): Promise<boolean> {
  const row = CustomerRow.parse(await ctx.table.get(customerKey(stripeCustomerId)))
  if (row.isLivemode !== ctx.stripeSettings.isLivemode)
    throw BillingFailure.wrong_mode('This licensee was billed in the other mode of Stripe.')
  const { deleted } = await ctx.stripe.customers.retrieve(stripeCustomerId)
  return deleted !== true
}
