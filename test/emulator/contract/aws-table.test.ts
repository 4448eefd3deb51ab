import { inject } from 'vitest'
import { createDynamoClient } from '#shared/platform/aws/dynamo-client.ts'
import { createDynamoTable } from '#shared/platform/aws/dynamo-table.ts'
import { systemClock as clock } from '#shared/platform/node/system-clock.ts'
import { freshName } from '#test/contract/contract-case.ts'
import { describeTableContract } from '#test/contract/table.contract.ts'
import { makeTable } from '#test/harness/emulator/make-table.ts'
import { pointSdkAt } from '#test/harness/emulator/sdk-environment.ts'

describeTableContract('DynamoDB', async () => {
  pointSdkAt(inject('emulatorEndpoint'))
  const client = createDynamoClient()
  const tableName = freshName('table')
  const removeTable = await makeTable(client, tableName)
  return {
    table: createDynamoTable({ client, tableName, clock, tenantId: 'tenant-a' }),
    otherTenant: createDynamoTable({ client, tableName, clock, tenantId: 'tenant-b' }),
    now: () => clock.now(),
    // The emulator's indexes are never late.
    settleIndexes: async () => undefined,
    async close() {
      await removeTable()
      client.destroy()
    },
  }
})
