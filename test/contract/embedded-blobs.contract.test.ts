import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { describeBlobsContract } from './blobs.contract.ts'

describeBlobsContract('embedded', async () => {
  const platform = await createMemoryPlatform()
  return { blobs: platform.blobs, now: () => platform.clock.now(), close: () => platform.close() }
})

describeBlobsContract('in memory', async () => {
  const platform = await createMemoryPlatform({ isWithoutFiles: true })
  return { blobs: platform.blobs, now: () => platform.clock.now(), close: () => platform.close() }
})
