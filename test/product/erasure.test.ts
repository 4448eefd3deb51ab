import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { recountEvent } from '#tenant-stack/core/counters/recount-event.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { invitationIdOf } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { acceptsRecipient } from '#tenant-stack/core/mailbox/accepts-recipient.ts'
import { ensureReplyAddress } from '#tenant-stack/core/reply-address/reply-address.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { listMails } from '#test/fixtures/list-mails.ts'
import { mailWith, organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { ana, bob, invited, onDay } from '#test/harness/tenant/invited.ts'
import { canary, canaryName, planted, words } from '#test/harness/tenant/planted.ts'
import { placesOf } from '#test/harness/tenant/raw-store.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant({ reader })
})
afterEach(() => tenant.close())

/** Minutes pass, and what is due is found by the sweep. */
async function settle(minutes = 30) {
  await tenant.drain()
  for (let minute = 0; minute < minutes; minute += 2) {
    tenant.platform.clock.advance(120)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
  }
}

async function erase(email = canary, more: object = {}) {
  const call = await apiCaller(tenant.ctx)
  const asked = await call('POST', '/erasures', { body: { email, ...more } })
  expect(asked.status).toBe(202)
  await settle()
  return (await call('GET', `/erasures/${String(asked.body.id)}`)).body
}

describe('an erasure', () => {
  it('leaves nothing of a person in any row, object or kept copy, however he came in', async () => {
    await planted(tenant)
    const before = await placesOf(tenant.platform, words)
    expect(before.length).toBeGreaterThan(30)
    const erasure = await erase()
    expect(await placesOf(tenant.platform, words)).toEqual([])
    // By another address of his he wrote to his own reply address.
    expect(await placesOf(tenant.platform, ['alias@elsewhere.example'])).toEqual([])
    expect(erasure).toMatchObject({
      state: 'done',
      counts: { invitations: 2, suppressions: 2, received_mails: expect.any(Number), mail_files: expect.any(Number) },
    })
  })

  it('keeps rows equal to counters, and other people as they were', async () => {
    const { eventId, otherEventId } = await planted(tenant)
    const of = async (id: string) => findInvitation(tenant.ctx, id, invitationIdOf(tenant.ctx, id, bob))
    const bobBefore = await of(eventId)
    await erase()
    for (const id of [eventId, otherEventId])
      expect(await recountEvent(tenant.ctx, { eventId: id, isRepair: false })).toMatchObject({
        state: 'equal',
        differences: [],
      })
    expect(await of(eventId)).toEqual(bobBefore)
    expect(await findInvitation(tenant.ctx, eventId, invitationIdOf(tenant.ctx, eventId, canary))).toMatchObject({
      address: expect.stringMatching(/^erased-[0-9a-f]{12}@erased\.invalid$/),
    })
  })

  it('ends mail to him: no update, no cancel, no invite to another event, and the same invitation is not made twice', async () => {
    const one = await invited(tenant, 'one@example.com', canary)
    await one.reply('google')
    await erase()
    const count = (await tenant.sent()).length
    await one.changed(1, { lines: onDay(6) })
    await one.changed(2, { method: 'CANCEL' })
    await inviteAttendee(tenant.ctx, {
      eventId: (await invited(tenant, 'new@example.com', bob)).eventId,
      address: canary,
      channel: 'api',
    })
    await settle()
    const later = (await tenant.sent()).slice(count).map(({ to }) => to)
    expect(later.filter((to) => to === canary || to.endsWith('.invalid'))).toEqual([])
  })

  it('finds what a handler still had in its hands when nothing of him was there yet', async () => {
    const call = await apiCaller(tenant.ctx)
    const { body } = await call('POST', '/erasures', { body: { email: canary, suppress: false } })
    await tenant.drain()
    expect((await call('GET', `/erasures/${String(body.id)}`)).body.state).toBe('running')
    await ensureReplyAddress(tenant.ctx, { organizerAddress: ana, attendeeAddress: canary })
    await settle(10)
    expect((await call('GET', `/erasures/${String(body.id)}`)).body.state).toBe('done')
    expect(await placesOf(tenant.platform, words)).toEqual([])
  })

  it('leaves a mail of somebody else who may yet confirm it, and goes on when he has', async () => {
    const raw = organizerMail({ uid: 'unproven@example.com', lines: [...onDay(5), `ATTENDEE:mailto:${canary}`] })
    await tenant.receive(raw, {
      from: ana,
      authentication: { spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] },
    })
    const asked = await erase()
    expect(asked.state).toBe('running')
    const mail = (await tenant.sent()).find(({ to }) => to === ana)?.raw.toString() ?? ''
    const path = /\/confirm\/[0-9a-z]{26}/.exec(mail)?.[0] ?? ''
    expect((await createPages(tenant.ctx).request(path, { method: 'POST' })).status).toBe(200)
    await settle()
    const call = await apiCaller(tenant.ctx)
    expect((await call('GET', `/erasures/${String(asked.id)}`)).body.state).toBe('done')
    expect(await placesOf(tenant.platform, words)).toEqual([])
  })

  it('refuses at the door what comes to his reply address later, and keeps nothing of what SES took in for it', async () => {
    const one = await invited(tenant, 'one@example.com', canary)
    await erase()
    expect(await acceptsRecipient(tenant.ctx, one.replyAddress)).toBe('unknown_mailbox')
    expect(await one.reply('google', { comment: canaryName })).toMatchObject({ kind: 'ignored', reason: 'erased' })
    const { mailId } = await acceptMail(tenant.ctx, {
      raw: Buffer.from(mailWith({ uid: 'late@example.org', from: canary }, 'text/plain', canaryName)),
      envelopeFrom: canary,
      recipients: [one.replyAddress],
      origin: { remoteAddress: '203.0.113.7', helo: 'late' },
    })
    await tenant.drain()
    expect((await findDelivery(tenant.ctx, mailId, one.replyAddress))?.outcome?.reason).toBe('erased')
    expect(await placesOf(tenant.platform, words)).toEqual([])
  })

  it('does not touch who is only alike', async () => {
    await invited(tenant, 'one@example.com', `x${canary}`)
    await invited(tenant, 'two@example.com', `${canary}.uk`)
    await erase()
    expect((await placesOf(tenant.platform, [`x${canary}`])).length).toBeGreaterThan(3)
    expect((await placesOf(tenant.platform, [`${canary}.uk`])).length).toBeGreaterThan(3)
  })

  it('409: an organizer is told to cancel first', async () => {
    await invited(tenant)
    const call = await apiCaller(tenant.ctx)
    expect(await call('POST', '/erasures', { body: { email: ana } })).toMatchObject({
      status: 409,
      body: { code: 'erasure.organizes', detail: expect.stringContaining('cancel them') },
    })
  })

  it('runs once for an address at a time, and keeps of it who asked, when, and a hash', async () => {
    await invited(tenant, 'one@example.com', canary)
    const call = await apiCaller(tenant.ctx)
    const first = await call('POST', '/erasures', { body: { email: canary, reason: `${canary} wrote` } })
    const again = await call('POST', '/erasures', { body: { email: canary.toUpperCase() } })
    expect(again.body.id).toBe(first.body.id)
    await settle()
    const { body } = await call('GET', '/erasures')
    expect(body).toMatchObject({
      data: [{ id: first.body.id, state: 'done', email_sha256: tenant.ctx.sha256(canary), passes: 2 }],
      has_more: false,
    })
    expect(JSON.stringify(body)).not.toContain(canary)
    expect((await call('GET', '/erasures/era_00000000000000000000000000')).status).toBe(404)
    expect((await call('POST', '/erasures', { body: { email: 'nobody' } })).status).toBe(422)
    const reads = await apiCaller(tenant.ctx, ['privacy:read', 'privacy:export'])
    expect((await reads('POST', '/erasures', { body: { email: canary } })).status).toBe(403)
  })

  it('takes a person out of a list that is still to be sent: nobody else of it is lost, and he is not mailed', async () => {
    const { eventId } = await invited(tenant, 'one@example.com', bob)
    await tenant.receive(listMails.gmail({ list: `yan@example.org\n"${canaryName}",${canary}\nzoe@example.org\n` }), {
      to: 'lists@events.example.net',
      from: ana,
    })
    await erase()
    const { body } = await (await apiCaller(tenant.ctx))('GET', `/events/${eventId}/lists`)
    const [list] = z.array(z.object({ id: z.string() })).parse(body.data)
    await (await apiCaller(tenant.ctx))('POST', `/lists/${list?.id}/confirm`)
    await settle()
    const to = (await tenant.sent()).map((mail) => mail.to)
    expect(to).toEqual(expect.arrayContaining(['yan@example.org', 'zoe@example.org']))
    expect(to).not.toContain(canary)
    expect(await placesOf(tenant.platform, words)).toEqual([])
  })

  it('only counts, and changes nothing, when it is a trial', async () => {
    await planted(tenant)
    const before = await placesOf(tenant.platform, words)
    const counted = await erase(canary, { dry_run: true })
    expect(counted).toMatchObject({ state: 'done', is_dry_run: true, counts: { invitations: 2 } })
    expect((await placesOf(tenant.platform, words)).length).toBe(before.length)
  })
})
