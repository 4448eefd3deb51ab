import type { ObjectOf } from '../state/objects.ts'
import type { Money } from './money-context.ts'
import { decideTax } from './tax.ts'

/** The draft with the tax of its customer's address as it is now; without automatic tax there is none. */
export async function taxInvoice(
  { unit, settings }: Money,
  invoice: ObjectOf<'invoice'>,
  customer: ObjectOf<'customer'>,
): Promise<ObjectOf<'invoice'>> {
  if (!invoice.automatic_tax.enabled) return invoice
  const { subtotal } = invoice
  const tax = await decideTax(unit, settings, customer, subtotal)
  if (tax.kind === 'location_unknown')
    return { ...invoice, automatic_tax: { ...invoice.automatic_tax, status: 'requires_location_inputs' } }
  const total = subtotal + tax.amount
  return {
    ...invoice,
    amount_due: total,
    amount_remaining: total,
    automatic_tax: { ...invoice.automatic_tax, status: 'complete' },
    customer_address: customer.address ?? null,
    total,
    total_taxes: [
      {
        amount: tax.amount,
        tax_behavior: 'exclusive',
        tax_rate_details: { tax_rate: `txr_${String(tax.percent).replace('.', '_')}` },
        taxability_reason: tax.percent === 0 ? 'not_collecting' : 'standard_rated',
        taxable_amount: subtotal,
        type: 'tax_rate_details',
      },
    ],
  }
}
