import * as z from 'zod'
import { openShelf, type Shelf } from './shelf.ts'
import type { Simulation } from './simulation.ts'

const SimulatedTenant = z.object({
  tenantName: z.string(),
  tenantArn: z.string(),
  sendingStatus: z.enum(['ENABLED', 'REINSTATED', 'DISABLED']),
  policy: z.enum(['standard', 'strict', 'none']),
  tags: z.record(z.string(), z.string()),
  resourceArns: z.array(z.string()),
})
export type SimulatedTenant = z.infer<typeof SimulatedTenant>

export function openSesTenants({ table }: Simulation): Shelf<SimulatedTenant> {
  return openShelf(table, 'ses-tenants', SimulatedTenant)
}

/** Made by stacks alone. */
export function openConfigurationSets({ table }: Simulation): Shelf<{ configurationSetName: string }> {
  return openShelf(table, 'configuration-sets', z.object({ configurationSetName: z.string() }))
}
