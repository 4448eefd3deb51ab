import type { Table } from '#shared/platform/table.ts'
import type { World } from './world.ts'

/** Kinds of things that the engine makes, by the shelves of the simulated cloud. */
const KINDS = [
  'zones',
  'certificates',
  'email-identities',
  'stacks',
  'ses-tenants',
  'configuration-sets',
  'cell-routes',
  'tables',
  'buckets',
] as const
export type Inventory = { readonly [K in (typeof KINDS)[number]]: number } & { readonly slots: number }

const ROWS = 1000

/** How many of each kind there are in the whole cloud, and how many slots of cells are taken. */
export async function inventoryOf(world: World): Promise<Inventory> {
  const counts = await Promise.all(KINDS.map(async (kind) => [kind, await countOf(world.cloudTable, `cloud#${kind}`)]))
  const { items } = await world.table.query({ index: 'gsi2', pk: 'cells', limit: ROWS })
  const slots = items.reduce((sum, { used }) => sum + Number(used), 0)
  return { ...Object.fromEntries(counts), slots }
}

async function countOf(table: Table, pk: string): Promise<number> {
  return (await table.query({ pk, limit: ROWS })).items.length
}

export type Verdict = { readonly orphans: number; readonly doubles: number }

/** What is there beyond one of each for every tenant is a double; what is there of a kind that should be gone is an orphan. */
export function judge(found: Inventory, expected: Inventory): Verdict {
  let orphans = 0
  let doubles = 0
  for (const [kind, wanted] of Object.entries(expected)) {
    const beyond = Object.entries(found).find(([name]) => name === kind)?.[1] ?? 0
    if (beyond < wanted) throw new Error(`${kind}: ${beyond} of ${wanted}`)
    if (wanted === 0) orphans += beyond
    else doubles += beyond - wanted
  }
  return { orphans, doubles }
}

/** Of a tenant that is live, for each whether it should be there. */
export function inventoryWhen(state: 'live' | 'retained' | 'deleted', dnsMode: 'delegated' | 'manual'): Inventory {
  const isLive = state === 'live' ? 1 : 0
  const isKept = state === 'deleted' ? 0 : 1
  return {
    zones: dnsMode === 'delegated' ? isLive : 0,
    certificates: isLive,
    'email-identities': isLive,
    stacks: isLive,
    'ses-tenants': isLive,
    'configuration-sets': isLive,
    'cell-routes': isLive,
    tables: isKept,
    buckets: isKept,
    slots: isLive,
  }
}
