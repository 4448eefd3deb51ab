import type { TableKey } from '#shared/platform/table.ts'
import { licenseePartition } from '../licensee/licensee.ts'

/** A licence lies among its licensee's rows: under another licensee's scope it does not exist. */
export function licenceKey(licenseeId: string, licenceId: string): TableKey {
  return { pk: licenseePartition(licenseeId), sk: `licence#${licenceId}` }
}

/** Says whose a licence is, for those who may see all. */
export function licenceOwnerKey(licenceId: string): TableKey {
  return { pk: `licence#${licenceId}`, sk: 'licence' }
}
