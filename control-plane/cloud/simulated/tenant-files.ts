import { isFailure } from '#shared/errors/failure.ts'
import type { Blobs } from '#shared/platform/blobs.ts'
import { CloudFailure } from '../failure.ts'
import type { TenantFiles } from '../tenant-files.ts'
import { openBuckets } from './belongings.ts'
import type { Simulation } from './simulation.ts'

const PAGE = 1000

/** Buckets are those of the opened stacks, whoever keeps them; their names are the world's, not an account's. */
export function simulateTenantFiles(simulation: Simulation): TenantFiles {
  async function bucketOf(bucketName: string): Promise<Blobs | undefined> {
    const found = await openBuckets(simulation).get(bucketName)
    return found && simulation.dataHost.bucket(found.tenantId)
  }

  return {
    async put({ bucketName, key, bytes }) {
      const bucket = await bucketOf(bucketName)
      if (bucket === undefined) throw CloudFailure.gone('PutObject: NoSuchBucket')
      await bucket.put(key, bytes)
    },
    async get({ bucketName, key }) {
      const bucket = await bucketOf(bucketName)
      try {
        return await bucket?.get(key)
      } catch (error) {
        if (isFailure(error, 'blob.not_found')) return undefined
        throw error
      }
    },
    async list({ bucketName, prefix }) {
      const bucket = await bucketOf(bucketName)
      if (bucket === undefined) throw CloudFailure.gone('ListObjectsV2: NoSuchBucket')
      const keys: string[] = []
      let cursor: string | undefined
      do {
        const page = await bucket.list(prefix, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
        keys.push(...page.blobs.map(({ key }) => key))
        cursor = page.cursor
      } while (cursor !== undefined)
      return keys
    },
  }
}
