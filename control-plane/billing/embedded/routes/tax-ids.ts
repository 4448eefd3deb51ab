import { createTaxId } from '../money/tax-ids.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { paging, text } from '../wire/params.ts'
import { route } from '../wire/route.ts'

export const taxIds = [
  route('POST', '/v1/customers/:id/tax_ids', { type: text, value: text }, async ({ unit }, input, pathId) => {
    await unit.need('customer', pathId)
    return createTaxId(unit, pathId, input)
  }),
  route('GET', '/v1/customers/:id/tax_ids', paging, async ({ unit }, page, pathId) => {
    await unit.need('customer', pathId)
    return { ...(await listAnswer(unit, 'tax_id', page, pathId)), url: `/v1/customers/${pathId}/tax_ids` }
  }),
  route('DELETE', '/v1/customers/:id/tax_ids/:second', {}, async ({ unit }, _input, _pathId, taxIdId) => {
    const taxId = await unit.need('tax_id', taxIdId)
    unit.remove('tax_id', taxIdId)
    unit.tell('customer.tax_id.deleted', taxId)
    return { id: taxIdId, object: 'tax_id', deleted: true }
  }),
]
