import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { describeTableContract } from './table.contract.ts'
import type { TableSubject } from './table-subject.ts'

async function makeSubject(indexLag: boolean): Promise<TableSubject> {
  const platform = await createMemoryPlatform({ indexLag, tenantId: 'tenant-a' })
  return {
    table: platform.table,
    otherTenant: platform.tableOf('tenant-b'),
    now: () => platform.clock.now(),
    settleIndexes: () => platform.catchUpIndexes(),
    close: () => platform.close(),
  }
}

describeTableContract('embedded', () => makeSubject(false))
describeTableContract('embedded with late indexes', () => makeSubject(true))
