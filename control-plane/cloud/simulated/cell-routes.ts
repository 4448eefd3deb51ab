import { CellRoute } from '#shared/contracts/cell-routes.ts'
import type { CellRoutes } from '../cell-routes.ts'
import type { CloudPlace } from '../cloud.ts'
import { CloudFailure } from '../failure.ts'
import { openShelf } from './shelf.ts'
import { placeKey, type Simulation } from './simulation.ts'

export function simulateCellRoutes(simulation: Simulation, place: CloudPlace): CellRoutes {
  const shelf = openShelf(simulation.table, 'cell-routes', CellRoute)
  const key = (cellTableName: string, domainName: string) => `${placeKey(place)}${cellTableName}/${domainName}`
  const assertOwn = (route: CellRoute, tenantId: string) => {
    if (route.tenantId !== tenantId) throw CloudFailure.exists('the domain is routed to another tenant')
  }
  return {
    async put({ cellTableName, route, insteadOf }) {
      const row = CellRoute.parse(route)
      if (await shelf.insert(key(cellTableName, row.domainName), row)) return
      await shelf.change(key(cellTableName, row.domainName), (before) => {
        if (before.tenantId !== insteadOf) assertOwn(before, row.tenantId)
        return row
      })
    },
    read: ({ cellTableName, domainName }) => shelf.get(key(cellTableName, domainName)),
    async remove({ cellTableName, domainName, tenantId }) {
      const found = await shelf.get(key(cellTableName, domainName))
      if (found === undefined) return
      assertOwn(found, tenantId)
      await shelf.remove(key(cellTableName, domainName))
    },
  }
}
