import * as z from 'zod'
import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { refuse } from '../wire/refusal.ts'

/** Kinds that a buyer of a licence is offered; Stripe knows more than a hundred. */
export const TAX_ID_TYPES = [
  'eu_vat',
  'gb_vat',
  'us_ein',
  'ch_vat',
  'no_vat',
  'au_abn',
  'ca_bn',
  'jp_cn',
  'in_gst',
] as const
const TaxIdType = z.enum(TAX_ID_TYPES)

/** Adds a customer's tax id; Stripe's own look-ups of it are not made. */
export function createTaxId(
  unit: Unit,
  customerId: string,
  given: { readonly type: string; readonly value: string },
): ObjectOf<'tax_id'> {
  const type = TaxIdType.safeParse(given.type)
  if (!type.success) throw refuse.invalid(`Invalid type: must be one of ${TAX_ID_TYPES.join(', ')}`, { param: 'type' })
  const value = given.value.replaceAll(/\s/g, '').toUpperCase()
  if (type.data === 'eu_vat' && !/^[A-Z]{2}[A-Z0-9+*]{2,13}$/.test(value))
    throw refuse.invalid('Invalid value for eu_vat.', { code: 'tax_id_invalid', param: 'value' })
  const taxId: ObjectOf<'tax_id'> = {
    id: unit.mint('tax_id'),
    object: 'tax_id',
    country: type.data === 'eu_vat' ? value.slice(0, 2) : type.data.slice(0, 2).toUpperCase(),
    created: unit.now(),
    customer: customerId,
    customer_account: null,
    livemode: false,
    owner: { customer: customerId, customer_account: null, type: 'customer' },
    type: type.data,
    value,
    verification: { status: 'pending', verified_address: null, verified_name: null },
  }
  unit.put('tax_id', taxId)
  unit.tell('customer.tax_id.created', taxId)
  return taxId
}
