import { isFailure } from '#shared/errors/failure.ts'
import type { Condition, TableItem, TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { transactThrough } from '../transact-through.ts'
import { tellWebhooks } from '../webhook/tell-webhooks.ts'
import { SUPPRESSIONS, type Suppressed, Suppression, suppressionIdOf, suppressionKey } from './suppression.ts'

const TIME_DIGITS = 15

type Said = Suppressed & Pick<Suppression, 'reason' | 'source'> & { readonly detail?: string }

/**
 * Sends nothing more to an address. Of several reasons the first stands, but for an unsubscription, which its owner may take back: any
 * other reason goes before it, whichever came first, and both are kept.
 */
export async function suppress(ctx: Ctx, input: Said): Promise<Suppression> {
  const suppression = suppressionOf(ctx, input)
  const item = suppressionItem(suppression)
  const key = { pk: item.pk, sk: item.sk }
  if (await isTold(ctx, suppression, { kind: 'put', item, when: { row: 'absent' } })) return suppression
  await isTold(ctx, suppression, saidAgain(key, suppression))
  const stored = await ctx.table.get(key)
  // Lifted between the two writes: what is said now came after that, and nobody's wish may be lost.
  return stored === undefined ? suppress(ctx, input) : Suppression.parse(stored)
}

/** DynamoDB takes `<>` for true of a row that is gone (DynamoDB, "Comparison operator and function reference"): it must not be made anew. */
function saidAgain(key: TableKey, { reason, source, detail }: Suppression): WriteOperation {
  const stands = (is: '=' | '<>'): Condition => ({
    allOf: [{ row: 'present' }, { attribute: 'reason', is, value: 'unsubscribe' }],
  })
  const set = { isAlsoUnsubscribed: true }
  if (reason === 'unsubscribe') return { kind: 'update', key, set, when: stands('<>') }
  const more = detail === undefined ? {} : { detail }
  return { kind: 'update', key, set: { ...set, reason, source, ...more }, when: stands('=') }
}

/** Writes it, and with an unsubscription what is told of that; false as `isWritten`. */
async function isTold(ctx: Ctx, { reason, address, organizerAddress }: Suppression, write: WriteOperation) {
  if (reason !== 'unsubscribe') return isWritten(ctx, write)
  const organizer = organizerAddress === undefined ? {} : { organizer: organizerAddress }
  const data = { scope: organizerAddress === undefined ? 'domain' : 'organizer', ...organizer }
  const told = await tellWebhooks(ctx, { type: 'attendee.unsubscribed', data, email: address })
  if (told.operations.length === 0) return isWritten(ctx, write)
  try {
    await transactThrough(ctx, [write, ...told.operations])
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) return false
    throw error
  }
  for (const { topicName, body } of told.notices) await ctx.topics.publish(topicName, body)
  return true
}

/** False when the condition did not hold: somebody else has said something of the row. */
export async function isWritten(ctx: Ctx, operation: WriteOperation): Promise<boolean> {
  try {
    await ctx.table.write(operation)
    return true
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) return false
    throw error
  }
}

function suppressionOf(ctx: Ctx, input: Said): Suppression {
  const { organizerAddress, detail } = input
  return {
    suppressionId: suppressionIdOf(ctx, input),
    address: normalizeAddress(input.address),
    ...(organizerAddress === undefined ? {} : { organizerAddress: normalizeAddress(organizerAddress) }),
    reason: input.reason,
    source: input.source,
    ...(detail === undefined ? {} : { detail: detail.slice(0, 500) }),
    createdAt: ctx.clock.now(),
  }
}

function suppressionItem(suppression: Suppression): TableItem {
  const key = suppressionKey(suppression.suppressionId)
  if (key === undefined) throw new Error(`${suppression.suppressionId} is no id of a suppression`)
  const at = String(suppression.createdAt).padStart(TIME_DIGITS, '0')
  return { ...key, gsi2pk: SUPPRESSIONS, gsi2sk: `${at}#${suppression.suppressionId}`, ...suppression }
}
