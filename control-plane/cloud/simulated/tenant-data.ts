import { CloudFailure } from '../failure.ts'
import type { TenantData } from '../tenant-data.ts'
import { openBuckets, openTables } from './belongings.ts'
import type { Simulation } from './simulation.ts'

const OBJECTS_MAX = 1000

export function simulateTenantData(simulation: Simulation): TenantData {
  const { dataHost } = simulation
  const tables = openTables(simulation)
  const buckets = openBuckets(simulation)
  return {
    tableStatus: async (tableName) => ((await tables.get(tableName)) === undefined ? undefined : 'ACTIVE'),
    async unprotectTable(tableName) {
      const changed = await tables.change(tableName, (before) => ({ ...before, isProtected: false }))
      if (changed === undefined) throw CloudFailure.gone('UpdateTable: ResourceNotFoundException')
    },
    async deleteTable(tableName) {
      const found = await tables.get(tableName)
      if (found === undefined) return
      if (found.isProtected)
        throw CloudFailure.invalid('DeleteTable: ValidationException: deletion protection is enabled')
      await dataHost.removeTable(found.tenantId)
      await tables.remove(tableName)
    },
    bucketIsThere: async (bucketName) => (await buckets.get(bucketName)) !== undefined,
    async emptyBucket(bucketName) {
      const found = await buckets.get(bucketName)
      if (found === undefined) return { deleted: 0, isEmpty: true }
      const bucket = await dataHost.bucket(found.tenantId)
      const { blobs, cursor } = await bucket.list('', { limit: OBJECTS_MAX })
      for (const { key } of blobs) await bucket.delete(key)
      return { deleted: blobs.length, isEmpty: cursor === undefined }
    },
    async deleteBucket(bucketName) {
      const found = await buckets.get(bucketName)
      if (found === undefined) return
      const bucket = await dataHost.bucket(found.tenantId)
      if ((await bucket.list('', { limit: 1 })).blobs.length > 0)
        throw CloudFailure.in_use('DeleteBucket: BucketNotEmpty')
      await dataHost.removeBucket(found.tenantId)
      await buckets.remove(bucketName)
    },
  }
}
