import { setTimeout as delay } from 'node:timers/promises'
import { inject } from 'vitest'
import { createSnsClient } from '#shared/platform/aws/sns-client.ts'
import { createSnsTopics } from '#shared/platform/aws/sns-topics.ts'
import { createSqsClient } from '#shared/platform/aws/sqs-client.ts'
import { createSqsQueues } from '#shared/platform/aws/sqs-queues.ts'
import { freshName } from '#test/contract/contract-case.ts'
import { describeQueueContract } from '#test/contract/queue.contract.ts'
import { makeQueues } from '#test/harness/emulator/make-queues.ts'
import { pointSdkAt } from '#test/harness/emulator/sdk-environment.ts'
import { sqsAsDocumented } from '#test/harness/emulator/sqs-as-documented.ts'

describeQueueContract('SQS and SNS', async (definitions) => {
  pointSdkAt(inject('emulatorEndpoint'))
  const [sqs, sns] = [createSqsClient(), createSnsClient()]
  sqsAsDocumented(sqs)
  const { queueUrls, topicArns, remove } = await makeQueues({ sqs, sns }, definitions, freshName('q'))
  return {
    queues: createSqsQueues({ client: sqs, queueUrls }),
    topics: createSnsTopics({ client: sns, topicArns }),
    passTime: (seconds) => delay(seconds * 1000),
    async close() {
      await remove()
      sqs.destroy()
      sns.destroy()
    },
  }
})
