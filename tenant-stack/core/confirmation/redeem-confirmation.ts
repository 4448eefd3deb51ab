import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import { bindableDomains } from '#shared/imip/identity/signing-domains.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { findDelivery, findInboundMail, reopenDeliveryOperation } from '../inbound-mail/inbound-ledger.ts'
import { findOrganizer, organizerKey } from '../organizer/organizer.ts'
import { publish } from '../publish.ts'
import { type Confirmation, confirmationKey, findConfirmation } from './issue-confirmation.ts'

export const ConfirmationFailure = defineFailures('confirmation', {
  not_found: { status: 404, retry: false },
  expired: { status: 410, retry: false },
})

/** The mail may be decided, or opened by a second link to it, while this one is redeemed: tried on what is stored then. */
const TRIES = 5

/**
 * The owner of a From address says the mail was his: the mail is decided again as authenticated, and the address is bound to the
 * domains that signed it, so that later mail so signed needs no link. Redeeming twice does nothing more.
 */
export async function redeemConfirmation(ctx: Ctx, token: string): Promise<Confirmation> {
  for (let attempt = 1; ; attempt += 1) {
    const confirmation = await findConfirmation(ctx, token)
    if (confirmation === undefined) throw ConfirmationFailure.not_found('This link is not known.')
    const { mailId, recipient } = confirmation
    try {
      if (confirmation.usedAt === undefined) await ctx.table.transact(await operationsOf(ctx, token, confirmation))
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
      continue
    }
    await publish(ctx, 'mail-create', { mailId, recipient })
    return confirmation
  }
}

async function operationsOf(ctx: Ctx, token: string, confirmation: Confirmation): Promise<readonly WriteOperation[]> {
  const { mailId, recipient, address, validUntil } = confirmation
  const now = ctx.clock.now()
  if (now > validUntil)
    throw ConfirmationFailure.expired('This link is older than 24 hours. Send the invitation again.')
  const inbound = await findInboundMail(ctx, mailId)
  const delivery = await findDelivery(ctx, mailId, recipient)
  if (inbound === undefined || delivery === undefined)
    throw ConfirmationFailure.expired('This mail is no longer kept. Send the invitation again.')
  const organizer = await findOrganizer(ctx, address)
  const signers = bindableDomains(inbound.authentication.dkimDomains)
  return [
    {
      kind: 'update',
      key: confirmationKey(ctx, token),
      set: { usedAt: now },
      when: { attribute: 'usedAt', is: 'absent' },
    },
    // A second link to the same mail finds it confirmed already.
    ...(delivery.confirmedAddress === address
      ? []
      : [reopenDeliveryOperation(ctx, delivery, { confirmedAddress: address })]),
    {
      kind: 'update',
      key: organizerKey(address),
      set: {
        address,
        confirmedDomains: [...new Set([...(organizer?.confirmedDomains ?? []), ...signers])].slice(0, 20),
      },
    },
  ]
}
