import { kindOfId } from '../state/kinds.ts'
import type { Kind, ObjectOf } from '../state/objects.ts'
import { isShape } from '../state/previous.ts'
import type { Unit } from '../state/unit.ts'
import { listOf } from './list-answer.ts'
import { refuse } from './refusal.ts'

/** Stripe's own limit of levels. */
const LEVELS_MAX = 4

/** Lists that are answered only when asked for. */
const INCLUDABLE: {
  readonly [name: string]: (unit: Unit, objectId: string) => Promise<unknown>
} = {
  'invoice.payments': async (unit, objectId) =>
    listOf(await unit.all('invoice_payment', objectId), '/v1/invoice_payments'),
  'customer.tax_ids': async (unit, objectId) =>
    listOf(await unit.all('tax_id', objectId), `/v1/customers/${objectId}/tax_ids`),
  'customer.subscriptions': async (unit, objectId) =>
    listOf(
      await unit.all('subscription', objectId, ({ status }) => status !== 'canceled'),
      `/v1/customers/${objectId}/subscriptions`,
    ),
  'charge.refunds': async (unit, objectId) =>
    listOf(await unit.all('refund', undefined, ({ charge }) => charge === objectId), `/v1/charges/${objectId}/refunds`),
  'checkout.session.line_items': (unit, objectId) => unit.note('line-items', objectId),
}

/** The answer with the asked references replaced by what they refer to. */
export async function expanded(unit: Unit, body: object, paths: readonly string[]): Promise<object> {
  let shape: unknown = JSON.parse(JSON.stringify(body))
  for (const path of paths) {
    const names = path.split('.')
    if (names.length > LEVELS_MAX + 1)
      throw refuse.invalid('You cannot expand more than 4 levels of a property.', { param: 'expand' })
    shape = await expandedAt(unit, shape, names, path)
  }
  return isShape(shape) ? shape : body
}

async function expandedAt(
  unit: Unit,
  value: unknown,
  [name, ...rest]: readonly string[],
  path: string,
): Promise<unknown> {
  if (name === undefined || value === null) return value
  if (Array.isArray(value))
    return Promise.all(value.map((one: unknown) => expandedAt(unit, one, [name, ...rest], path)))
  if (!isShape(value)) throw notExpandable(path)
  const tag = `${String(value.object)}.${name}`
  const held = value[name] ?? (await INCLUDABLE[tag]?.(unit, String(value.id)))
  if (held === undefined) throw notExpandable(path)
  const found = typeof held === 'string' ? await byId(unit, held) : held
  if (typeof found === 'string' && rest.length > 0) throw notExpandable(path)
  return { ...value, [name]: await expandedAt(unit, found, rest, path) }
}

async function byId(unit: Unit, objectId: string): Promise<unknown> {
  const kind = kindOfId(objectId)
  const found: ObjectOf<Kind> | undefined = kind === undefined ? undefined : await unit.find(kind, objectId)
  return found === undefined ? objectId : JSON.parse(JSON.stringify(found))
}

function notExpandable(path: string) {
  return refuse.invalid(`This property cannot be expanded (${path}).`, { param: 'expand' })
}
