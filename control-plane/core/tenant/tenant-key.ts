import type { TableKey } from '#shared/platform/table.ts'
import { licenseePartition } from '../licensee/licensee.ts'

/** A tenant lies among its licensee's rows: under another licensee's scope it does not exist. */
export function tenantKey(licenseeId: string, tenantId: string): TableKey {
  return { pk: licenseePartition(licenseeId), sk: `tenant#${tenantId}` }
}

/** Says whose a tenant is, for those who may see all; runs and steps lie beside it. */
export function tenantOwnerKey(tenantId: string): TableKey {
  return { pk: `tenant#${tenantId}`, sk: 'tenant' }
}
