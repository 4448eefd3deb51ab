import * as z from 'zod'
import type { Price } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { flag, mergedMetadata, metadata, paging, text, whole } from '../wire/params.ts'
import { refuse } from '../wire/refusal.ts'
import { route } from '../wire/route.ts'

const interval = z.enum(['day', 'week', 'month', 'year'])
const taxBehavior = z.enum(['exclusive', 'inclusive', 'unspecified'])

export const prices = [
  route(
    'POST',
    '/v1/prices',
    {
      currency: text,
      product: text,
      unit_amount: whole,
      recurring: z.strictObject({ interval, interval_count: whole.exactOptional() }).exactOptional(),
      active: flag.exactOptional(),
      lookup_key: text.exactOptional(),
      transfer_lookup_key: flag.exactOptional(),
      nickname: text.exactOptional(),
      tax_behavior: taxBehavior.exactOptional(),
      metadata,
    },
    async ({ unit }, input) => {
      await unit.need('product', input.product, 'product')
      await freeLookupKey(unit, input.lookup_key, input.transfer_lookup_key ?? false)
      const price: Price = {
        id: unit.mint('price'),
        object: 'price',
        active: input.active ?? true,
        billing_scheme: 'per_unit',
        created: unit.now(),
        currency: input.currency.toLowerCase(),
        custom_unit_amount: null,
        livemode: false,
        lookup_key: input.lookup_key ?? null,
        metadata: mergedMetadata(null, input.metadata),
        nickname: input.nickname ?? null,
        product: input.product,
        recurring:
          input.recurring === undefined
            ? null
            : {
                interval: input.recurring.interval,
                interval_count: input.recurring.interval_count ?? 1,
                meter: null,
                trial_period_days: null,
                usage_type: 'licensed',
              },
        tax_behavior: input.tax_behavior ?? 'unspecified',
        tiers_mode: null,
        transform_quantity: null,
        type: input.recurring === undefined ? 'one_time' : 'recurring',
        unit_amount: input.unit_amount,
        unit_amount_decimal: String(input.unit_amount),
      }
      unit.put('price', price)
      unit.tell('price.created', price)
      return price
    },
  ),
  route(
    'GET',
    '/v1/prices',
    {
      ...paging,
      active: flag.exactOptional(),
      currency: text.exactOptional(),
      lookup_keys: z.array(text).exactOptional(),
      product: text.exactOptional(),
      type: z.enum(['one_time', 'recurring']).exactOptional(),
    },
    ({ unit }, { active, currency, lookup_keys: keys, product, type, ...page }) =>
      listAnswer(unit, 'price', page, undefined, (price) =>
        [
          active === undefined || price.active === active,
          currency === undefined || price.currency === currency,
          keys === undefined || keys.includes(price.lookup_key ?? ''),
          product === undefined || price.product === product,
          type === undefined || price.type === type,
        ].every(Boolean),
      ),
  ),
  route('GET', '/v1/prices/:id', {}, ({ unit }, _input, pathId) => unit.need('price', pathId)),
  route(
    'POST',
    '/v1/prices/:id',
    {
      active: flag.exactOptional(),
      lookup_key: text.exactOptional(),
      transfer_lookup_key: flag.exactOptional(),
      nickname: text.exactOptional(),
      tax_behavior: taxBehavior.exactOptional(),
      metadata,
    },
    async ({ unit }, { metadata: given, transfer_lookup_key: isTransferred = false, ...changes }, pathId) => {
      const before = await unit.need('price', pathId)
      if (changes.lookup_key !== before.lookup_key) await freeLookupKey(unit, changes.lookup_key, isTransferred)
      const after: Price = { ...before, ...changes, metadata: mergedMetadata(before.metadata, given) }
      unit.put('price', after)
      unit.tell('price.updated', after, before)
      return after
    },
  ),
]

/** A lookup key names one price: the older one gives it up, or the new one is refused. */
async function freeLookupKey(unit: Unit, key: string | undefined, isTransferred: boolean): Promise<void> {
  if (key === undefined || key === '') return
  for (const holder of await unit.all('price', undefined, ({ lookup_key: held }) => held === key)) {
    if (!isTransferred)
      throw refuse.invalid(
        `A price (\`${holder.id}\`) already uses that lookup key. You must pass \`transfer_lookup_key=true\` to transfer the lookup key.`,
        { param: 'lookup_key' },
      )
    const robbed = { ...holder, lookup_key: null }
    unit.put('price', robbed)
    unit.tell('price.updated', robbed, holder)
  }
}
