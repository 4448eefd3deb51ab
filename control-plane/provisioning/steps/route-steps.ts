import type { CellRoute } from '#shared/contracts/cell-routes.ts'
import { factOf, type Step, type Work } from '../step.ts'
import type { StepName } from '../step-names.ts'
import { foreign, isLeftBehind } from './ours.ts'

/** The row by which the cell's router finds the tenant. A suspended tenant keeps it: its mail is stored all the same. */
function routeStep(name: StepName, status: CellRoute['status'], said: Pick<Step, 'sentence' | 'vendorSentence'>): Step {
  return {
    name,
    ...said,
    async ensure(work) {
      const cellTableName = await tableOf(work)
      const route = routeOf(work, status)
      const insteadOf = name === 'write_route' ? await formerHolder(work) : undefined
      await work.call('dynamodb', (cloud) =>
        cloud.cellRoutes.put({ cellTableName, route, ...(insteadOf === undefined ? {} : { insteadOf }) }),
      )
      return undefined
    },
    async observe(work) {
      const { domainName, tenantId } = work.tenant
      const found = await readRoute(work)
      const isUnbinding = work.run.kind === 'unbind'
      if (found === undefined) return isUnbinding ? { kind: 'done' } : { kind: 'absent' }
      if (found.tenantId !== tenantId) {
        // A name that was lost is the winner's to route.
        if (isUnbinding) return { kind: 'done' }
        const isLeft = name === 'write_route' && (await isLeftBehind(work, found.tenantId))
        return isLeft ? { kind: 'absent' } : foreign(`a route of ${domainName}`)
      }
      const wanted = routeOf(work, status)
      const isSame =
        found.status === status && found.bucketName === wanted.bucketName && found.mailTopicArn === wanted.mailTopicArn
      return isSame ? { kind: 'done' } : { kind: 'absent' }
    },
  }
}

/** The tenant that lost the name and whose route still stands. */
async function formerHolder(work: Work): Promise<string | undefined> {
  const found = await readRoute(work)
  const isLeft = found !== undefined && (await isLeftBehind(work, found.tenantId))
  return isLeft ? found.tenantId : undefined
}

async function readRoute(work: Work): Promise<CellRoute | undefined> {
  const cellTableName = await tableOf(work)
  const { domainName } = work.tenant
  return work.call('dynamodb', (cloud) => cloud.cellRoutes.read({ cellTableName, domainName }))
}

async function tableOf(work: Work): Promise<string> {
  const { cellTableName } = await work.site()
  if (cellTableName === undefined) throw new Error('only a cell has routes')
  return cellTableName
}

function routeOf(work: Work, status: CellRoute['status']): CellRoute {
  const { domainName, tenantId } = work.tenant
  return {
    domainName,
    tenantId,
    bucketName: factOf(work, 'bucketName'),
    mailTopicArn: factOf(work, 'mailTopicArn'),
    status,
  }
}

export const writeRoute = routeStep('write_route', 'active', {
  sentence: 'We prepare the way that your mail takes.',
  vendorSentence: 'The cell’s route of the domain is written, before SES accepts mail for it.',
})

export const suspendRoute = routeStep('suspend_route', 'suspended', {
  sentence: 'Mail to your domain is still received and kept.',
  vendorSentence: 'The cell’s route is marked suspended.',
})

export const activateRoute = routeStep('activate_route', 'active', {
  sentence: 'Mail to your domain is worked on again.',
  vendorSentence: 'The cell’s route is marked active.',
})

export const removeRoute: Step = {
  name: 'remove_route',
  sentence: 'Mail to your domain is not received any more.',
  vendorSentence: 'The cell’s route is removed, after the identity.',
  async ensure(work) {
    const cellTableName = await tableOf(work)
    const { domainName, tenantId } = work.tenant
    await work.call('dynamodb', (cloud) => cloud.cellRoutes.remove({ cellTableName, domainName, tenantId }))
    return undefined
  },
  async observe(work) {
    const found = await readRoute(work)
    return found?.tenantId === work.tenant.tenantId ? { kind: 'absent' } : { kind: 'done' }
  },
}
