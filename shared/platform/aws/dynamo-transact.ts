import { randomUUID } from 'node:crypto'
import {
  type CancellationReason,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { TableFailure, type WriteOperation } from '../table.ts'
import { pause, TRIES_MAX } from './backoff.ts'
import { type DynamoContext, tableFailure, tryCall, validationFailure } from './dynamo-call.ts'
import { isExpired } from './dynamo-codec.ts'
import { holdsOnAbsentRow } from './dynamo-expressions.ts'
import { checkInput, deleteInput, putInput, renewInput, type Target, updateInput } from './dynamo-operations.ts'
import { targetOf } from './dynamo-write.ts'

/** By position: the updates whose row is an expired one, to be written as new rows. */
type Renewed = ReadonlySet<number>

/** What to do after a cancelled transaction: the same again after a pause, or at once with other renewals. */
type Verdict = { readonly isContended: boolean; readonly renewed: Renewed }

const CONTENDED = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
])

/** All or nothing; the operations are already held to the rules. */
export async function transactAll(context: DynamoContext, operations: readonly WriteOperation[]): Promise<void> {
  let renewed: Renewed = new Set()
  for (let round = 1; ; round += 1) {
    const target = targetOf(context)
    const items = operations.map((operation, at) => toItem(operation, renewed.has(at), target))
    const cancelled = await attempt(context, items)
    if (cancelled === undefined) return
    const verdict = judge(operations, renewed, cancelled, target)
    if (round === TRIES_MAX) throw TableFailure.conflict('other transactions hold the rows', { cause: cancelled })
    renewed = verdict.renewed
    if (verdict.isContended) await pause(context.backoff, round)
  }
}

/** The token makes a repeat of the same request harmless for ten minutes. Answers the cancellation, if it was one. */
async function attempt(
  { client, backoff }: DynamoContext,
  TransactItems: TransactWriteItem[],
): Promise<TransactionCanceledException | undefined> {
  const command = new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: randomUUID() })
  try {
    await tryCall(backoff, 'harmless', () => client.send(command))
    return undefined
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error
    throw tableFailure(error)
  }
}

function toItem(operation: WriteOperation, isRenewed: boolean, target: Target): TransactWriteItem {
  switch (operation.kind) {
    case 'put':
      return { Put: putInput(operation, target) }
    case 'delete':
      return { Delete: deleteInput(operation, target) }
    case 'check':
      return { ConditionCheck: checkInput(operation, target) }
    case 'update':
      return isRenewed ? { Put: renewInput(operation, target) } : { Update: updateInput(operation, target) }
  }
}

/** Throws where an operation was refused for good; the reasons stand in the order of the operations. */
function judge(
  operations: readonly WriteOperation[],
  before: Renewed,
  cancelled: TransactionCanceledException,
  { now }: Target,
): Verdict {
  const renewed = new Set(before)
  let isContended = false
  for (const [at, { Code = 'None', Message = '', Item }] of reasonsOf(cancelled).entries()) {
    const operation = operations[at]
    if (Code === 'None' || operation === undefined) continue
    if (CONTENDED.has(Code)) isContended = true
    else if (Code === 'ValidationError') throw validationFailure(Message, cancelled)
    else if (Code !== 'ConditionalCheckFailed') throw cancelled
    // A renewal fails when somebody else made the row anew: then it is an update again.
    else if (renewed.has(at)) renewed.delete(at)
    else if (mayRenew(operation) && Item !== undefined && isExpired(Item, now)) renewed.add(at)
    else throw TableFailure.condition_failed(`the condition of operation ${at} did not hold`, { cause: cancelled })
  }
  if (!isContended && isSame(renewed, before)) throw cancelled
  return { isContended, renewed }
}

function reasonsOf({ CancellationReasons = [] }: TransactionCanceledException): readonly CancellationReason[] {
  return CancellationReasons
}

function mayRenew(operation: WriteOperation): boolean {
  return operation.kind === 'update' && (operation.when === undefined || holdsOnAbsentRow(operation.when))
}

function isSame(a: Renewed, b: Renewed): boolean {
  return a.size === b.size && [...a].every((at) => b.has(at))
}
