import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CELL_TABLE_SCOPE, CellRoute, cellRouteKey } from '#shared/contracts/cell-routes.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { createDynamoTable } from '#shared/platform/aws/dynamo-table.ts'
import type { Clock } from '#shared/platform/small-ports.ts'
import type { Condition, Table } from '#shared/platform/table.ts'
import type { CellRoutes } from '../cell-routes.ts'
import { CloudFailure } from '../failure.ts'
import { calling } from './sdk-call.ts'

/** Routes by the Table port, so that the router reads what is written here. */
export function createCellRoutes(client: DynamoDBClient, clock: Clock): CellRoutes {
  const tableOf = (tableName: string): Table =>
    createDynamoTable({ client, tableName, clock, tenantId: CELL_TABLE_SCOPE })
  return {
    async put({ cellTableName, route, insteadOf }) {
      await writing('PutItem', () =>
        tableOf(cellTableName).write({
          kind: 'put',
          item: { ...cellRouteKey(route.domainName), ...CellRoute.parse(route) },
          when: nobodyElses(route.tenantId, insteadOf),
        }),
      )
    },
    async read({ cellTableName, domainName }) {
      const item = await writing('GetItem', () => tableOf(cellTableName).get(cellRouteKey(domainName)))
      return item && CellRoute.parse(item)
    },
    async remove({ cellTableName, domainName, tenantId }) {
      await writing('DeleteItem', () =>
        tableOf(cellTableName).write({
          kind: 'delete',
          key: cellRouteKey(domainName),
          when: nobodyElses(tenantId),
        }),
      )
    },
  }
}

function nobodyElses(...tenantIds: readonly (string | undefined)[]): Condition {
  const theirs = tenantIds
    .filter((tenantId) => tenantId !== undefined)
    .map((tenantId): Condition => ({ attribute: 'tenantId', is: '=', value: tenantId }))
  return { anyOf: [{ row: 'absent' }, ...theirs] }
}

/** Names the Table port's failures as the cloud's. */
function writing<T>(what: string, call: () => Promise<T>): Promise<T> {
  return calling(
    what,
    async () => {
      try {
        return await call()
      } catch (error) {
        if (isFailure(error, 'table.condition_failed'))
          throw CloudFailure.exists('the domain is routed to another tenant', { cause: error })
        if (isFailure(error, 'table.conflict') || isFailure(error, 'table.unavailable'))
          throw CloudFailure.unavailable(`${what}: ${error.message}`, { cause: error.cause ?? error })
        throw error
      }
    },
    { ResourceNotFoundException: 'gone' },
  )
}
