import { type CellRoute, CellRoute as CellRouteSchema, cellRouteKey } from '#shared/contracts/cell-routes.ts'
import { domainName } from '#shared/contracts/settings.ts'
import type { CellCtx } from './context.ts'

export type TenantRecipients = { readonly route: CellRoute; readonly recipients: readonly string[] }

/** Why a recipient is nobody's. */
export type UnclaimedReason = 'not_an_address' | 'no_tenant'

export type GroupedRecipients = {
  readonly tenants: readonly TenantRecipients[]
  readonly unclaimed: readonly UnclaimedReason[]
  /** Names whose route is there and cannot be read: their mail waits until it can. */
  readonly unreadable: readonly string[]
}

type Address = { readonly address: string; readonly domainName: string }

/** Keys that one read of the table takes (DynamoDB BatchGetItem). */
const KEYS_AT_ONCE = 100

/** The recipients of a mail by the tenant whose domain they name; each once, in the order of the envelope. */
export async function groupRecipients(ctx: CellCtx, recipients: readonly string[]): Promise<GroupedRecipients> {
  const addresses = new Map<string, Address>()
  const unclaimed: UnclaimedReason[] = []
  for (const recipient of new Set(recipients)) {
    const address = addressOf(recipient)
    if (address === undefined) unclaimed.push('not_an_address')
    else addresses.set(address.address.toLowerCase(), address)
  }
  const { routes, unreadable } = await findRoutes(
    ctx,
    new Set([...addresses.values()].map((address) => address.domainName)),
  )
  const tenants = new Map<string, { readonly route: CellRoute; readonly recipients: string[] }>()
  for (const address of addresses.values()) {
    const route = routes.get(address.domainName)
    if (unreadable.has(address.domainName)) continue
    if (route === undefined) {
      unclaimed.push('no_tenant')
      continue
    }
    const known = tenants.get(route.tenantId) ?? { route, recipients: [] }
    known.recipients.push(address.address)
    tenants.set(route.tenantId, known)
  }
  return { tenants: [...tenants.values()], unclaimed, unreadable: [...unreadable] }
}

/** Local part as it came, domain as tenants know it: lower case, without the dot that ends a fully qualified name. */
function addressOf(recipient: string): Address | undefined {
  const bare = recipient.trim().replace(/^<(.*)>$/, '$1')
  const at = bare.lastIndexOf('@')
  const parsed = domainName.safeParse(bare.slice(at + 1).replace(/\.$/, ''))
  if (at < 1 || !parsed.success) return undefined
  return { address: `${bare.slice(0, at)}@${parsed.data}`, domainName: parsed.data }
}

async function findRoutes(ctx: CellCtx, names: ReadonlySet<string>) {
  const keyed = [...names].map((name) => ({ name, key: cellRouteKey(name) }))
  const nameOf = new Map(keyed.map(({ name, key }) => [`${key.pk} ${key.sk}`, name]))
  const routes = new Map<string, CellRoute>()
  const unreadable = new Set<string>()
  for (let from = 0; from < keyed.length; from += KEYS_AT_ONCE)
    for (const row of await ctx.table.getMany(keyed.slice(from, from + KEYS_AT_ONCE).map(({ key }) => key))) {
      const name = nameOf.get(`${row.pk} ${row.sk}`) ?? ''
      const route = CellRouteSchema.safeParse(row)
      if (route.success && route.data.domainName === name) routes.set(name, route.data)
      else unreadable.add(name)
    }
  return { routes, unreadable }
}
