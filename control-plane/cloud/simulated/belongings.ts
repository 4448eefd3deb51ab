import * as z from 'zod'
import { openShelf, type Shelf } from './shelf.ts'
import type { Simulation } from './simulation.ts'

/** A table or bucket of a stack: it outlives the stack, and names are the world's, not an account's. */
const Belonging = z.object({ tenantId: z.string(), isProtected: z.boolean() })
export type Belonging = z.infer<typeof Belonging>

export function openTables({ table }: Simulation): Shelf<Belonging> {
  return openShelf(table, 'tables', Belonging)
}

export function openBuckets({ table }: Simulation): Shelf<Belonging> {
  return openShelf(table, 'buckets', Belonging)
}
