import type { BillingCtx } from './billing-context.ts'
import { withKey } from './idempotency.ts'

const PRODUCT_NAME = 'Licence (1 domain)'

/** The yearly price by its lookup key; product and price are made when there is none. Another price is another object: who pays the old one goes on. */
export async function ensurePrice(ctx: BillingCtx): Promise<{ readonly priceId: string }> {
  const known = await findPrice(ctx)
  if (known !== undefined) return { priceId: known }
  const { priceLookupKey } = ctx.stripeSettings
  const { priceCents, currency } = ctx.licenceSettings
  const product = await withKey(ctx, `product:${priceLookupKey}`, (idempotencyKey) =>
    ctx.stripe.products.create({ name: PRODUCT_NAME, metadata: { priceLookupKey } }, { idempotencyKey }),
  )
  const price = await withKey(ctx, `price:${priceLookupKey}`, (idempotencyKey) =>
    ctx.stripe.prices.create(
      {
        product: product.id,
        lookup_key: priceLookupKey,
        unit_amount: priceCents,
        currency,
        recurring: { interval: 'year' },
      },
      { idempotencyKey },
    ),
  )
  return { priceId: price.id }
}

async function findPrice(ctx: BillingCtx): Promise<string | undefined> {
  const { data } = await ctx.stripe.prices.list({
    lookup_keys: [ctx.stripeSettings.priceLookupKey],
    active: true,
    limit: 1,
  })
  return data[0]?.id
}
