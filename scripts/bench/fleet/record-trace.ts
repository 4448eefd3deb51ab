import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { budgets, type ServiceName } from '#control-plane/provisioning/budget.ts'
import type { Table } from '#shared/platform/table.ts'
import { drive, handle } from '../saga/drive.ts'
import { createLicensee, payFor } from '../saga/tenant-life.ts'
import { createWorld } from '../saga/world.ts'

/** What setting up one tenant takes: calls, each out of a service's budget, and waits between the visits. */
export type TraceItem =
  | { readonly kind: 'call'; readonly serviceName: ServiceName }
  | { readonly kind: 'wait'; readonly milliseconds: number }

/** Sets one tenant up by the real engine against the simulated cloud, and writes down every token that it takes and every wait. */
export async function recordTrace(): Promise<readonly TraceItem[]> {
  const world = await createWorld()
  const trace: TraceItem[] = []
  try {
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com' })
    const table = withTokensSeen(world.table, (serviceName) => trace.push({ kind: 'call', serviceName }))
    let leftAt = world.clock.now()
    const outcome = await drive(world, {
      async handle(told) {
        const waited = world.clock.now() - leftAt
        if (waited > 0) trace.push({ kind: 'wait', milliseconds: waited })
        await handle(world.ctxOf({ table }), told)
        leftAt = world.clock.now()
      },
      person: createLicensee(world, tenantId),
      isDone: async () => (await getTenant(world.ctxOf(), tenantId)).state === 'live',
      daysMax: 7,
    })
    if (outcome === 'stuck') throw new Error('the tenant of the trace did not come to live')
    return trace
  } finally {
    await world.close()
  }
}

/** A token is a write to its budget's row. */
function withTokensSeen(table: Table, see: (serviceName: ServiceName) => void): Table {
  return {
    ...table,
    async write(operation) {
      await table.write(operation)
      const { pk } = operation.kind === 'put' ? operation.item : operation.key
      const name = pk.startsWith('budget#') ? pk.split('#')[2] : undefined
      if (isServiceName(name)) see(name)
    },
  }
}

function isServiceName(name: string | undefined): name is ServiceName {
  return name !== undefined && name in budgets
}
