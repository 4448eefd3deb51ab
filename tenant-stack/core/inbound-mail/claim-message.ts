import * as z from 'zod'
import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import type { Condition } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { findDelivery } from './inbound-ledger.ts'
import type { InboundDelivery } from './inbound-mail.ts'

/** A copy of the same mail that comes later than this is taken for a new one. */
const SEEN_SECONDS = 30 * 24 * 3600

const Seen = z.object({ mailId: z.string() })

/** `unproven`: the first copy still waits for its sender's word; `takeOver` makes this one the first. */
export type Copy = { readonly of: 'nothing' | 'decided' } | { readonly of: 'unproven'; takeOver(): Promise<void> }

export const CopyFailure = defineFailures('copy', { undecided: { status: 503, retry: true } })

/**
 * Tells a mail from its copies: SES and clients deliver twice under two mailIds. A copy is known by (Message-ID, hash of the body,
 * mailbox); a mail without Message-ID is never taken for one. A first copy that is still unproven (swept, or forwarded to us) hides
 * no other, which may prove what it could not. Throws `copy.undecided` while nobody knows which of them the first is.
 */
export async function copyOf(ctx: Ctx, mail: DisassembledMail, delivery: InboundDelivery): Promise<Copy> {
  const { mailId, recipient } = delivery
  // What its sender has confirmed is decided, whichever copy it was.
  if (mail.messageId === undefined || delivery.confirmedAddress !== undefined) return { of: 'nothing' }
  const key = { pk: `seen#${ctx.sha256(`${mail.messageId}\n${mail.bodyHash}\n${recipient}`)}`, sk: 'seen' }
  const claim = async (whose: Condition) => {
    const expiresAt = Math.floor(ctx.clock.now() / 1000) + SEEN_SECONDS
    await ctx.table.write({ kind: 'put', item: { ...key, mailId, expiresAt }, when: whose })
  }
  try {
    await claim({ anyOf: [{ row: 'absent' }, { attribute: 'mailId', is: '=', value: mailId }] })
    return { of: 'nothing' }
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
  const first = Seen.parse(await ctx.table.get(key)).mailId
  const delivered = await findDelivery(ctx, first, recipient)
  if (delivered !== undefined && delivered.outcome === undefined)
    throw CopyFailure.undecided('Another copy of this mail is being decided; this one is looked at again after it.')
  if (delivered?.outcome?.kind !== 'needs_confirmation') return { of: 'decided' }
  return { of: 'unproven', takeOver: () => claim({ attribute: 'mailId', is: '=', value: first }) }
}
