import type { CalendarAddress } from '#shared/icalendar/model.ts'
import { decideIdentity, type Identity } from '#shared/imip/identity/decide-identity.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { ReadMail } from '#tenant-stack/core/inbound-mail/decide-delivery.ts'
import { isOwnAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import type { Organizer } from '#tenant-stack/core/organizer/organizer.ts'

/** Who a mail is from, by its proofs, or by what the owner of its From has confirmed: of this very mail, or of mail so signed. */
export function identityOf(
  ctx: Ctx,
  { mail, authentication, delivery }: ReadMail,
  known: {
    /** ORGANIZER of the calendar in it. */
    readonly named: CalendarAddress | undefined
    /** Of its From. */
    readonly organizer: Organizer | undefined
  },
): Identity {
  const { named, organizer } = known
  const identity = decideIdentity({
    authentication,
    from: mail.from,
    sender: mail.sender,
    replyTo: mail.replyTo,
    organizer: named,
    confirmedAddresses: (organizer?.confirmedDomains ?? []).map((signingDomain) => ({
      address: organizer?.address ?? '',
      signingDomain,
    })),
    isOwnAddress: (address) => isOwnAddress(ctx.settings, address),
  })
  const isConfirmedMail = identity.kind === 'needs_confirmation' && delivery.confirmedAddress === identity.address
  return isConfirmedMail ? { kind: 'authenticated', address: identity.address, by: 'confirmed' } : identity
}
