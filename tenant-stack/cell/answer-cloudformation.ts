import { ActivationRequest, type CustomResourceResponse, UnreadRequest } from '#shared/contracts/custom-resource.ts'
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

/** What a request that cannot be read has made: nothing. */
const UNREAD = 'unread/'

/** CloudFormation's limit of an answer is 4,096 bytes. */
const REASON_MAX = 1000

/**
 * Does what CloudFormation asks and says how it went. Whatever goes wrong is answered, because an unanswered request holds the stack for
 * an hour; only an answer that cannot be delivered is thrown, and Lambda tries again.
 */
export async function answerCloudFormation(ctx: ActivatorCtx, event: unknown): Promise<void> {
  const parsed = ActivationRequest.safeParse(event)
  if (!parsed.success) {
    ctx.log.error({
      at: 'activation.unreadable',
      paths: parsed.error.issues.map(({ path }) => path.join('.')).join(' '),
    })
    await answerUnread(ctx, UnreadRequest.parse(event))
    return
  }
  const asked = parsed.data
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

/** FAILED, but for the deletion of what such a request was said to have made: that would leave a stack that cannot be rolled back. */
async function answerUnread(ctx: ActivatorCtx, asked: UnreadRequest): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = `${UNREAD}${RequestId}` } = asked
  const isNothing = asked.RequestType === 'Delete' && PhysicalResourceId.startsWith(UNREAD)
  const answer: CustomResourceResponse = {
    ...(isNothing
      ? { Status: 'SUCCESS' }
      : { Status: 'FAILED', Reason: 'The request is none that this function knows.' }),
    PhysicalResourceId,
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
