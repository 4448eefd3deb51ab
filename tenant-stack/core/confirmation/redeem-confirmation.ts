import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import { bindableDomains } from '#shared/imip/identity/signing-domains.ts'
import type { Ctx } from '../context.ts'
import { findInboundMail } from '../inbound-mail/inbound-ledger.ts'
import { inboundDeliveryKey } from '../inbound-mail/inbound-mail.ts'
import { findOrganizer, organizerKey } from '../organizer/organizer.ts'
import { publish } from '../publish.ts'
import { markUnfinished } from '../unfinished.ts'
import { confirmationKey, findConfirmation } from './issue-confirmation.ts'

export const ConfirmationFailure = defineFailures('confirmation', {
  not_found: { status: 404, retry: false },
  expired: { status: 410, retry: false },
})

/**
 * The owner of a From address says the mail was his: the mail is decided again as authenticated, and the address is bound to the
 * domains that signed it, so that later mail so signed needs no link. Redeeming twice does nothing more.
 */
export async function redeemConfirmation(ctx: Ctx, token: string): Promise<{ readonly address: string }> {
  const confirmation = await findConfirmation(ctx, token)
  if (confirmation === undefined) throw ConfirmationFailure.not_found('This link is not known.')
  const { mailId, recipient, address } = confirmation
  if (confirmation.usedAt === undefined) {
    const now = ctx.clock.now()
    if (now > confirmation.validUntil)
      throw ConfirmationFailure.expired('This link is older than 24 hours. Send the invitation again.')
    const inbound = await findInboundMail(ctx, mailId)
    const organizer = await findOrganizer(ctx, address)
    const signers = bindableDomains(inbound?.authentication.dkimDomains ?? [])
    const body = JSON.stringify({ mailId, recipient })
    try {
      await ctx.table.transact([
        {
          kind: 'update',
          key: confirmationKey(ctx, token),
          set: { usedAt: now },
          when: { attribute: 'usedAt', is: 'absent' },
        },
        {
          kind: 'update',
          key: inboundDeliveryKey(mailId, recipient),
          set: {
            state: 'routed',
            confirmedAddress: address,
            ...markUnfinished(ctx, { rowName: mailId, dueAt: now + 60_000, topicName: 'mail-create', body }),
          },
          remove: ['outcome', 'notices'],
          when: { attribute: 'state', is: '=', value: 'decided' },
        },
        {
          kind: 'update',
          key: organizerKey(address),
          set: {
            address,
            confirmedDomains: [...new Set([...(organizer?.confirmedDomains ?? []), ...signers])].slice(0, 20),
          },
        },
      ])
    } catch (error) {
      if (!isFailure(error, 'table.condition_failed')) throw error
    }
  }
  await publish(ctx, 'mail-create', { mailId, recipient })
  return { address }
}
