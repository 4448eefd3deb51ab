import { inboundBlobKey, type MailRouted } from '#shared/contracts/notices.ts'
import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import type { Authentication } from '#shared/imip/authentication.ts'
import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { planPromised } from '../notice-mail/promised-notices.ts'
import { copyOf } from './claim-message.ts'
import { decideDeliveryOperation, findDelivery, findInboundMail, publishPromised } from './inbound-ledger.ts'
import { type InboundDelivery, inboundDeliveryKey, type MailOutcome } from './inbound-mail.ts'
import { type Decided, ignored, quarantined } from './outcomes.ts'
import { isUnstorable, unstorable } from './unstorable.ts'

export type ReadMail = {
  readonly delivery: InboundDelivery
  readonly authentication: Authentication
  readonly mail: DisassembledMail
}

/** Reads of one mail before it is quarantined. */
const READ_TRIES = 2

export const ReadFailure = defineFailures('read', { not_yet: { status: 503, retry: true } })

/** A foreign Message-ID that a header of ours can carry. */
const WRITABLE_ID = /^[\x21-\x7e]{1,900}$/

/** What was decided on may change before it is written; decided anew at most so often. */
const TRIES = 6

/** Decides a readable mail; `operations` are written in one transaction with its outcome. */
export type DecideMail = (
  ctx: Ctx,
  read: ReadMail,
) => Promise<Decided & { readonly operations?: readonly WriteOperation[] }>

/**
 * Ends one mail for one mailbox in exactly one stored outcome: read within the budget, told from its copies, decided by the
 * pipeline's own rule, then its promised notices are published. Run again, it only publishes what was promised.
 */
export async function decideDelivery(
  ctx: Ctx,
  routed: MailRouted,
  decide: DecideMail,
): Promise<MailOutcome | undefined> {
  const delivery = await findDelivery(ctx, routed.mailId, routed.recipient)
  const inbound = await findInboundMail(ctx, routed.mailId)
  if (delivery === undefined || inbound === undefined) return undefined
  if (delivery.state === 'routed') await decideOnce(ctx, delivery, inbound.authentication, decide)
  await publishPromised(ctx, routed.mailId, routed.recipient)
  return (await findDelivery(ctx, routed.mailId, routed.recipient))?.outcome
}

async function decideOnce(
  ctx: Ctx,
  delivery: InboundDelivery,
  authentication: Authentication,
  decide: DecideMail,
): Promise<void> {
  const raw = await ctx.blobs.get(inboundBlobKey(delivery.mailId))
  const read = await ctx.reader.disassemble(raw)
  if (read.kind !== 'done') {
    if ((delivery.readFailures ?? 0) + 1 < READ_TRIES) return failRead(ctx, delivery)
    const why =
      read.kind === 'over_budget' ? quarantined('over_budget', read.limit) : quarantined('unreadable_mail', read.detail)
    return store(ctx, delivery, undefined, why)
  }
  const mail = read.value
  const copy = await copyOf(ctx, mail, delivery)
  if (copy.of === 'decided') return store(ctx, delivery, mail, ignored('duplicate_mail'))
  for (let attempt = 1; ; attempt += 1) {
    try {
      const decided = await decide(ctx, { delivery, authentication, mail })
      if (copy.of === 'unproven' && isNoBetter(decided))
        return await store(ctx, delivery, mail, ignored('duplicate_mail'))
      if (copy.of === 'unproven') await copy.takeOver()
      return await store(ctx, delivery, mail, decided)
    } catch (error) {
      if (isUnstorable(error)) return store(ctx, delivery, undefined, unstorable(ctx, error))
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}

/** A second copy that proves no more than the first, whose sender is asked already. */
function isNoBetter({ outcome }: Decided): boolean {
  return outcome.kind === 'needs_confirmation' && outcome.answer === 'nothing'
}

/** A busy machine can fail a harmless mail once; one that fails again is the cause itself. */
async function failRead(ctx: Ctx, delivery: InboundDelivery): Promise<never> {
  await ctx.table.write({
    kind: 'update',
    key: inboundDeliveryKey(delivery.mailId, delivery.recipient),
    add: { readFailures: 1 },
    when: { row: 'present' },
  })
  throw ReadFailure.not_yet('The mail could not be read within the budget; it is tried once more.')
}

async function store(
  ctx: Ctx,
  delivery: InboundDelivery,
  mail: DisassembledMail | undefined,
  decided: Decided & { readonly operations?: readonly WriteOperation[] },
): Promise<void> {
  const from = mail?.from[0]?.address
  const operation = decideDeliveryOperation(delivery, {
    ...decided,
    ...(from === undefined ? {} : { from }),
    ...(mail?.subject === undefined ? {} : { subject: mail.subject }),
    ...(mail?.messageId === undefined || !WRITABLE_ID.test(mail.messageId) ? {} : { messageId: mail.messageId }),
  })
  try {
    const promised = await planPromised(ctx, decided.notices)
    await ctx.table.transact([operation, ...(decided.operations ?? []), ...promised])
    ctx.log.info({
      at: 'mail.decided',
      mailId: delivery.mailId,
      kind: decided.outcome.kind,
      reason: decided.outcome.reason,
    })
  } catch (error) {
    const now = await findDelivery(ctx, delivery.mailId, delivery.recipient)
    // A twin decided this very mail first, or it was opened again since it was read: that outcome stands.
    const isOvertaken = now?.state === 'decided' || now?.turn !== delivery.turn
    if (isFailure(error, 'table.condition_failed') && isOvertaken) return
    throw error
  }
}
