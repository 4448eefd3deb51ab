import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { Ctx } from '#control-plane/core/context.ts'
import type { QueueName } from '#control-plane/manifest.ts'
import { perRecord } from '#shared/runtime/per-record.ts'
import { senderStackName } from './sender-stack-name.ts'

type Work<C> = { readonly [Q in QueueName]?: (ctx: C, body: string, sender: Sender) => Promise<unknown> }

/** Who sent a record, as SQS tells it. */
type Sender = { readonly senderStackName: string }

/**
 * The Lambda entry of a function that several queues feed. Which queue a record is of is in its ARN, whose end is the queue's name; one
 * of no queue of this function fails, and ends among the dead letters.
 */
export function queueFunction<C extends Ctx>(
  ctxOf: () => Promise<C>,
  work: Work<C>,
): (sqsEvent: SQSEvent, lambdaContext: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse> {
  return async (sqsEvent, lambdaContext) => {
    const ctx = await ctxOf()
    const handle = async (body: string, { eventSourceARN, attributes }: SQSRecord) => {
      const [, verb] = Object.entries(work).find(([queueName]) => eventSourceARN.endsWith(`-${queueName}`)) ?? []
      if (verb === undefined) throw new Error('a record came from a queue that this function does not take')
      await verb(ctx, body, { senderStackName: senderStackName(attributes.SenderId) })
    }
    return perRecord(sqsEvent, lambdaContext, handle, ctx.log)
  }
}
