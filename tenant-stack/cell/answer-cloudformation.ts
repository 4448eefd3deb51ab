import { ActivationRequest, type CustomResourceResponse } from '#shared/contracts/custom-resource.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { ReceiptRuleSets } from '#shared/platform/receipt-rule-sets.ts'
import type { Log } from '#shared/platform/small-ports.ts'
import { activateRuleSet, activationId } from './activate-rule-set.ts'

export type ActivatorCtx = {
  readonly ruleSets: ReceiptRuleSets
  readonly log: Log
  /** Puts a body at a pre-signed URL; throws unless it was taken. */
  readonly putAnswer: (url: string, body: string) => Promise<void>
}

/** CloudFormation's limit of an answer is 4,096 bytes. */
const REASON_MAX = 1000

/**
 * Does what CloudFormation asks and says how it went. Whatever goes wrong is answered, because an unanswered request holds the stack for
 * an hour; only an answer that cannot be delivered is thrown, and Lambda tries again.
 */
export async function answerCloudFormation(ctx: ActivatorCtx, event: unknown): Promise<void> {
  const asked = ActivationRequest.parse(event)
  const { StackId, RequestId, LogicalResourceId, RequestType } = asked
  const failure = await failureOf(activateRuleSet(ctx.ruleSets, asked))
  ctx.log.info({ at: 'activation.answered', requestType: RequestType, isDone: failure === undefined })
  const answer: CustomResourceResponse = {
    ...(failure === undefined ? { Status: 'SUCCESS' } : { Status: 'FAILED', Reason: failure.slice(0, REASON_MAX) }),
    PhysicalResourceId: activationId(asked),
    StackId,
    RequestId,
    LogicalResourceId,
  }
  await ctx.putAnswer(asked.ResponseURL, JSON.stringify(answer))
}

async function failureOf(done: Promise<void>): Promise<string | undefined> {
  try {
    await done
    return undefined
  } catch (error) {
    if (isFailure(error)) return error.message
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
}
