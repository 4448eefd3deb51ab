import type { Ctx } from '#tenant-stack/core/context.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { acceptsRecipient } from '#tenant-stack/core/mailbox/accepts-recipient.ts'
import type { SmtpDoorOptions, SmtpMail } from './smtp-door.ts'

/** What stands at a domain: a tenant, one that is not open now (its mail comes again), or nobody we know. */
export type AtDomain = Ctx | 'not_open' | undefined

/**
 * Brings mail from the one SMTP door to its tenants, by the recipients' domains compared whole. A mail to several tenants becomes one
 * for each, which names its own recipients alone.
 */
export function mailDesks(
  tenantAt: (domainName: string) => AtDomain,
): Pick<SmtpDoorOptions, 'acceptsRecipient' | 'acceptMail'> {
  return {
    async acceptsRecipient(address) {
      const tenant = tenantAt(domainOf(address))
      if (tenant === undefined) return 'other_domain'
      return tenant === 'not_open' ? 'not_now' : acceptsRecipient(tenant, address)
    },
    async acceptMail(mail) {
      const mailIds: string[] = []
      // Killed or failed in between, the sender sends all of it again, and who has it already takes it for a copy.
      for (const [tenant, recipients] of byTenant(mail, tenantAt))
        mailIds.push((await acceptMail(tenant, { ...mail, recipients })).mailId)
      return { mailId: mailIds.join(', ') }
    },
  }
}

function byTenant(mail: SmtpMail, tenantAt: (domainName: string) => AtDomain): ReadonlyMap<Ctx, readonly string[]> {
  const groups = new Map<Ctx, string[]>()
  for (const recipient of mail.recipients) {
    const tenant = tenantAt(domainOf(recipient))
    // It was open when the recipient was accepted: 451, and the mail comes again.
    if (tenant === undefined || tenant === 'not_open') throw new Error('the tenant was closed meanwhile')
    groups.set(tenant, [...(groups.get(tenant) ?? []), recipient])
  }
  return groups
}

function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase()
}
