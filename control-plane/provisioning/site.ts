import type { CloudPlace } from '#control-plane/cloud/cloud.ts'
import { getCell } from '#control-plane/core/placement/cell-store.ts'
import { getPoolAccount } from '#control-plane/core/placement/pool-account.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import type { ProvisioningCtx } from './context.ts'

/** Where a tenant's stack stands, and what its baseline offers there. */
export type Site = {
  readonly place: CloudPlace
  readonly executionRoleArn: string
  readonly tenantBoundaryArn: string
  readonly releaseBucket: string
  readonly cellVersion: string
  /** In a cell. */
  readonly routerRoleArn?: string
  readonly cellTableName?: string
  readonly sendRateTableName?: string
  readonly alarmTopicArn?: string
  /** In an account of its own. */
  readonly ruleSetActivatorArn?: string
}

/** True once a place was taken for the tenant: before, there is nothing of it in any cloud. A customer may have named an account that nobody took yet. */
export function hasPlace(tenant: Tenant): boolean {
  return tenant.awsAccountId !== undefined && tenant.stackName !== undefined
}

/** The site of a tenant that has its place; throws for one that has none. */
export async function siteOf(ctx: ProvisioningCtx, tenant: Tenant): Promise<Site> {
  const { awsAccountId, region } = tenant
  if (awsAccountId === undefined) throw new Error(`${tenant.tenantId} has no place yet`)
  switch (tenant.placement) {
    case 'cell':
      return siteInCell(ctx, tenant.cellId ?? '')
    case 'dedicated': {
      const account = await getPoolAccount(ctx, tenant.resources.poolAccountId ?? '')
      const baseline = ctx.estate.accountBaseline({ awsAccountId, region })
      return { ...baseline, ...given(account), place: { awsAccountId, region, roleArn: baseline.operatingRoleArn } }
    }
    case 'customer': {
      const { externalId, operatingRoleArn, resources } = tenant
      const baseline = ctx.estate.accountBaseline({ awsAccountId, region })
      const place = {
        awsAccountId,
        region,
        roleArn: operatingRoleArn ?? baseline.operatingRoleArn,
        ...(externalId === undefined ? {} : { externalId }),
      }
      return { ...baseline, ...given(resources), place }
    }
  }
}

async function siteInCell(ctx: ProvisioningCtx, cellId: string): Promise<Site> {
  const cell = await getCell(ctx, cellId)
  const { awsAccountId, region, operatingRoleArn, alarmTopicArn, sendRateTableName } = cell
  return {
    place: { awsAccountId, region, roleArn: operatingRoleArn },
    executionRoleArn: cell.executionRoleArn,
    tenantBoundaryArn: cell.tenantBoundaryArn,
    releaseBucket: cell.releaseBucket,
    cellVersion: cell.cellVersion,
    routerRoleArn: cell.routerRoleArn,
    cellTableName: cell.cellTableName,
    ...(alarmTopicArn === undefined ? {} : { alarmTopicArn }),
    ...(sendRateTableName === undefined ? {} : { sendRateTableName }),
  }
}

/** What may be told of an account's baseline. */
export const accountOutputs = ['executionRoleArn', 'tenantBoundaryArn', 'ruleSetActivatorArn', 'releaseBucket'] as const

/** What was told of this account where it differs from the baseline's usual names. */
function given(row: { readonly [Name in (typeof accountOutputs)[number]]?: string }): Partial<Site> {
  return Object.fromEntries(accountOutputs.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])))
}
