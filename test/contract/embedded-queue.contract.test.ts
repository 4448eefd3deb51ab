import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { describeQueueContract } from './queue.contract.ts'

describeQueueContract('embedded', async (queueDefinitions) => {
  const platform = await createMemoryPlatform({ queueDefinitions })
  return {
    queues: platform.queues,
    topics: platform.topics,
    async passTime(seconds) {
      platform.clock.advance(seconds)
    },
    close: () => platform.close(),
  }
})
