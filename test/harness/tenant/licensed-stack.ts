import type { LicencePayload } from '#shared/contracts/licence-file.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '../../fixtures/organizer-mails.ts'
import { mailsOf } from './life-of-an-event.ts'
import { createTestTenant, testTenantId } from './test-tenant.ts'
import { createTestVendor } from './test-vendor.ts'

export const vendor = createTestVendor()
export const domainName = 'events.example.net'
export const create = `create@${domainName}`
export const ana = 'ana.diaz@example.com'
export const bob = 'bob@example.org'

/** A stack that asks for a licence, and what the vendor and time do to it. */
export async function createLicensedStack() {
  const tenant = await createTestTenant({ licenceKeys: vendor.licenceKeys, audience: 'everyone' })
  const { ctx, platform } = tenant

  async function sweep(seconds = 61): Promise<void> {
    platform.clock.advance(seconds)
    await sweepHandlers.unfinished(ctx)
    await tenant.drain()
  }

  return {
    ...tenant,
    sweep,
    async issue(change: Partial<LicencePayload>) {
      await vendor.issue(ctx.blobs, { tenantId: testTenantId, domainName, issuedAt: ctx.clock.now(), ...change })
      await sweepHandlers.queues(ctx)
    },
    async accept(raw: string, to = create, from = ana) {
      const { mailId } = await acceptMail(ctx, {
        raw: Buffer.from(raw),
        envelopeFrom: from,
        recipients: [to],
        origin: { remoteAddress: '203.0.113.7', helo: 'helo' },
      })
      await tenant.drain()
      return mailId
    },
    subjects: async () => (await mailsOf(platform)).map(({ to, subject }) => `${to}: ${subject.split(' @')[0]}`),
    /** An event with Bob invited, while all is well. */
    async invited() {
      const { eventIds } = await tenant.receive(organizerMail({ uid: 'first@example.com' }), { from: ana })
      const eventId = eventIds[0] ?? ''
      await inviteAttendee(ctx, { eventId, address: bob, name: 'Bob', channel: 'api' })
      await tenant.drain()
      const calendar = (await mailsOf(platform)).at(-1)?.calendar ?? ''
      return { eventId, replyAddress: /ORGANIZER[^\r\n]*mailto:([^\r\n]+)/i.exec(calendar)?.[1] ?? '' }
    },
  }
}

export type LicensedStack = Awaited<ReturnType<typeof createLicensedStack>>
