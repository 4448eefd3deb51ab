import { describe, expect, it } from 'vitest'
import type { CellRoutes } from '#control-plane/cloud/cell-routes.ts'
import type { CellRoute } from '#shared/contracts/cell-routes.ts'
import type { CloudSubject } from './cloud-subject.ts'
import { expectFailure, freshName } from './contract-case.ts'

export function describeCellRoutes(subject: () => CloudSubject): void {
  const routes = (): CellRoutes => subject().cloud.at(subject().place).cellRoutes

  function routeOf(stem: string): { readonly cellTableName: string; readonly route: CellRoute } {
    const route: CellRoute = {
      domainName: `${freshName(stem)}.example.com`,
      tenantId: 'ten_a',
      bucketName: 'convoke-a-bucket',
      mailTopicArn: 'arn:aws:sns:eu-central-1:111111111111:convoke-a-mail-received',
      status: 'active',
    }
    return { cellTableName: subject().cellTableName, route }
  }

  describe('routes of a cell', () => {
    it('a route is written, written again otherwise, and read', async () => {
      const { cellTableName, route } = routeOf('written')
      const { domainName } = route
      expect(await routes().read({ cellTableName, domainName })).toBeUndefined()
      await routes().put({ cellTableName, route })
      await routes().put({ cellTableName, route: { ...route, status: 'suspended' } })
      expect(await routes().read({ cellTableName, domainName })).toEqual({ ...route, status: 'suspended' })
    })

    it("another tenant's route is neither replaced nor removed", async () => {
      const { cellTableName, route } = routeOf('foreign')
      const { domainName } = route
      await routes().put({ cellTableName, route })
      await expectFailure(routes().put({ cellTableName, route: { ...route, tenantId: 'ten_b' } }), 'cloud.exists')
      await expectFailure(routes().remove({ cellTableName, domainName, tenantId: 'ten_b' }), 'cloud.exists')
      expect(await routes().read({ cellTableName, domainName })).toEqual(route)
    })

    it('a route is removed, and once more without harm', async () => {
      const { cellTableName, route } = routeOf('removed')
      const { domainName, tenantId } = route
      await routes().put({ cellTableName, route })
      await routes().remove({ cellTableName, domainName, tenantId })
      await routes().remove({ cellTableName, domainName, tenantId })
      expect(await routes().read({ cellTableName, domainName })).toBeUndefined()
    })
  })
}
