import * as z from 'zod'
import type { ObjectOf } from '../state/objects.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { flag, mergedMetadata, metadata, paging, text } from '../wire/params.ts'
import { route } from '../wire/route.ts'

const shown = {
  name: text,
  active: flag.exactOptional(),
  description: text.exactOptional(),
  metadata,
  tax_code: text.exactOptional(),
  url: text.exactOptional(),
  unit_label: text.exactOptional(),
  statement_descriptor: text.exactOptional(),
}

export const products = [
  route('POST', '/v1/products', { ...shown, id: text.exactOptional() }, async ({ unit }, input) => {
    const product: ObjectOf<'product'> = {
      id: input.id ?? unit.mint('product'),
      object: 'product',
      active: input.active ?? true,
      created: unit.now(),
      default_price: null,
      description: input.description ?? null,
      images: [],
      livemode: false,
      marketing_features: [],
      metadata: mergedMetadata(null, input.metadata),
      name: input.name,
      package_dimensions: null,
      shippable: null,
      statement_descriptor: input.statement_descriptor ?? null,
      tax_code: input.tax_code ?? null,
      tax_details: null,
      unit_label: input.unit_label ?? null,
      updated: unit.now(),
      url: input.url ?? null,
    }
    unit.put('product', product)
    unit.tell('product.created', product)
    return product
  }),
  route(
    'GET',
    '/v1/products',
    { ...paging, active: flag.exactOptional(), ids: z.array(text).exactOptional(), url: text.exactOptional() },
    ({ unit }, { active, ids, url, ...page }) =>
      listAnswer(unit, 'product', page, undefined, (product) =>
        [
          active === undefined || product.active === active,
          ids === undefined || ids.includes(product.id),
          url === undefined || product.url === url,
        ].every(Boolean),
      ),
  ),
  route('GET', '/v1/products/:id', {}, ({ unit }, _input, pathId) => unit.need('product', pathId)),
  route(
    'POST',
    '/v1/products/:id',
    { ...shown, name: text.exactOptional(), default_price: text.exactOptional() },
    async ({ unit }, input, pathId) => {
      const before = await unit.need('product', pathId)
      const { metadata: given, ...changes } = input
      const after: ObjectOf<'product'> = {
        ...before,
        ...changes,
        metadata: mergedMetadata(before.metadata, given),
        updated: unit.now(),
      }
      unit.put('product', after)
      unit.tell('product.updated', after, before)
      return after
    },
  ),
]
