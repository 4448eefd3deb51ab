import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { TableFailure, type WriteOperation } from '../table.ts'
import { TRIES_MAX } from './backoff.ts'
import { type DynamoContext, makeCall, nowSeconds, type Repeat, tableFailure, tryCall } from './dynamo-call.ts'
import { isExpired } from './dynamo-codec.ts'
import { holdsOnAbsentRow } from './dynamo-expressions.ts'
import {
  deleteInput,
  putInput,
  renewInput,
  type Target,
  type UpdateOperation,
  updateInput,
} from './dynamo-operations.ts'

/** One write that is not a check; the operation is already held to the rules. */
export async function writeOne(
  context: DynamoContext,
  operation: Exclude<WriteOperation, { readonly kind: 'check' }>,
): Promise<void> {
  const { client, backoff } = context
  switch (operation.kind) {
    case 'put': {
      const command = new PutItemCommand(putInput(operation, targetOf(context)))
      await makeCall(backoff, repeatOf(operation), () => client.send(command))
      return
    }
    case 'delete': {
      const command = new DeleteItemCommand(deleteInput(operation, targetOf(context)))
      await makeCall(backoff, repeatOf(operation), () => client.send(command))
      return
    }
    case 'update':
      await updateOne(context, operation)
  }
}

export function targetOf(context: DynamoContext): Target {
  return { tableName: context.tableName, prefix: context.prefix, now: nowSeconds(context) }
}

/** A lost answer to a condition would come back as its failure, and one to a count as a second count. */
function repeatOf(operation: WriteOperation): Repeat {
  const isCounting = operation.kind === 'update' && Object.keys(operation.add ?? {}).length > 0
  return operation.when === undefined && !isCounting ? 'harmless' : 'harmful'
}

/**
 * DynamoDB would add to what an expired row still holds. So the update demands a row alive or absent; where an expired one
 * stands, a new row is put in its place, demanding that it still does. Whoever comes between makes it start over.
 */
async function updateOne(context: DynamoContext, operation: UpdateOperation): Promise<void> {
  const { client, backoff } = context
  for (let round = 1; round <= TRIES_MAX; round += 1) {
    const target = targetOf(context)
    const update = new UpdateItemCommand(updateInput(operation, target))
    const isUpdated = await conditional(() => tryCall(backoff, repeatOf(operation), () => client.send(update)), target)
    if (isUpdated === true) return
    if (operation.when !== undefined && (isUpdated === false || !holdsOnAbsentRow(operation.when)))
      throw TableFailure.condition_failed('the condition did not hold')
    if (isUpdated === false) continue
    const renew = new PutItemCommand(renewInput(operation, target))
    const isRenewed = await conditional(() => tryCall(backoff, 'harmful', () => client.send(renew)), target)
    if (isRenewed === true) return
  }
  throw TableFailure.conflict('the row keeps expiring and coming back')
}

/** True when done, 'expired' when the condition failed on an expired row, false when it failed otherwise. */
async function conditional(call: () => Promise<unknown>, { now }: Target): Promise<boolean | 'expired'> {
  try {
    await call()
    return true
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw tableFailure(error)
    return error.Item !== undefined && isExpired(error.Item, now) ? 'expired' : false
  }
}
