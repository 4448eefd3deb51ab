import { afterEach, expect, it } from 'vitest'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { claimLedger } from '#tenant-stack/core/send-ledger/claim-ledger.ts'
import { deliver, type Sendable } from '#tenant-stack/core/send-ledger/deliver.ts'
import { finishAttempt } from '#tenant-stack/core/send-ledger/finish-attempt.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { organizerMail } from '../fixtures/organizer-mails.ts'

let tenant: TestTenant | undefined
afterEach(async () => {
  await tenant?.close()
})

it('what a slow chunk had no time for leaves with the next attempt, also where no mailer can tell what was not sent', async () => {
  const sent: string[] = []
  tenant = await createTestTenant({
    adjust: (ctx) => ({
      ...ctx,
      mailer: {
        async send(mail) {
          if (tenant !== undefined && mail.envelopeTo.startsWith('a')) tenant.platform.clock.advance(4)
          sent.push(mail.envelopeTo)
          return { mailerMessageId: `m-${sent.length}` }
        },
        // As SES: the event feed has nothing to tell of what was never sent.
        lookup: async () => ({ fate: 'unknown' }),
      },
    }),
  })
  const { ctx } = tenant
  const { eventIds } = await tenant.receive(organizerMail({ uid: 'slow@example.com' }))
  const { invitation } = await inviteAttendee(ctx, {
    eventId: eventIds[0] ?? '',
    address: 'bob@example.org',
    name: 'Bob',
    channel: 'api',
  })
  const ledgerId = `chk_${invitation.invitationId}-first`
  const sendables: readonly Sendable[] = Array.from({ length: 12 }, (_, index) => ({
    index,
    envelopeTo: `a${index}@example.org`,
    envelopeFrom: null,
    compose: () => Buffer.from('From: x@example.com\r\n\r\nx\r\n'),
  }))
  sent.length = 0
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const claimed = await claimLedger(ctx, ledgerId, [])
    if (claimed.kind !== 'claimed') break
    // Nobody else may hold the ledger while a send is under way or is recorded.
    const delivered = await deliver(ctx, claimed.claim, sendables, () => [])
    expect(ctx.clock.now()).toBeLessThan(claimed.claim.leaseUntil)
    expect(delivered.unknown).toBe(0)
    await finishAttempt(ctx, claimed.claim, delivered)
  }
  expect(sent.toSorted((a, b) => a.localeCompare(b))).toEqual(
    sendables.map(({ envelopeTo }) => envelopeTo).toSorted((a, b) => a.localeCompare(b)),
  )
})
