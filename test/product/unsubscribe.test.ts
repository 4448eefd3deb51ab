import { randomBytes } from 'node:crypto'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { invitationIdOf } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { listSuppressions, suppressionsOf } from '#tenant-stack/core/suppression/suppressions-of.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { mailWith, organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'
const bob = 'bob@example.org'
const cleo = 'cleo@example.org'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

async function created(uid: string): Promise<string> {
  return (await tenant.receive(organizerMail({ uid }), { from: ana })).eventIds[0] ?? ''
}

async function invite(eventId: string, ...addresses: readonly string[]): Promise<void> {
  for (const address of addresses) await inviteAttendee(tenant.ctx, { eventId, address, channel: 'api' })
  await tenant.drain()
}

const sentTo = async (address: string) => (await tenant.sent()).filter(({ to }) => to === address)

/** The links of the last mail to an address, as another parser reads its headers. */
async function linksTo(address: string) {
  const mail = await PostalMime.parse((await sentTo(address)).at(-1)?.raw ?? '')
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value ?? ''
  const url = /<(https?:[^>]+)>/.exec(header('list-unsubscribe'))?.[1] ?? ''
  return {
    url,
    path: new URL(url).pathname,
    mailto: /<mailto:([^>]+)>/.exec(header('list-unsubscribe'))?.[1] ?? '',
    post: header('list-unsubscribe-post'),
    text: mail.text ?? '',
    html: mail.html ?? '',
  }
}

const ONE_CLICK = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
}
const form = (fields: Readonly<Record<string, string>>) => ({
  ...ONE_CLICK,
  body: new URLSearchParams(fields).toString(),
})

async function isSuppressed(address: string, organizerAddress = ana): Promise<boolean> {
  return (await suppressionsOf(tenant.ctx, { organizerAddress, addresses: [address] })).has(address)
}

describe('every invite', () => {
  it('says by RFC 8058 and RFC 2369 how to get no more of them, and shows the link', async () => {
    await invite(await created('headers@example.com'), bob)
    const { url, mailto, post, text, html } = await linksTo(bob)
    expect(url).toMatch(/\/unsubscribe\/[0-9a-f]{96}$/)
    expect(mailto).toBe(`unsubscribe@events.example.net?subject=${url.split('/').at(-1)}`)
    expect(post).toBe('List-Unsubscribe=One-Click')
    expect(text).toContain(url)
    expect(html).toContain(`href="${url}"`)
    // The address that answers invites is not told by a link that others may log.
    expect(url).not.toContain((await PostalMime.parse((await sentTo(bob))[0]?.raw ?? '')).from?.address?.slice(2, 28))
  })
})

describe('no more mail', () => {
  it('by one click of a mail client: the organizer’s next mails go to everybody else', async () => {
    const eventId = await created('first@example.com')
    await invite(eventId, bob, cleo)
    const { path } = await linksTo(bob)
    const pages = createPages(tenant.ctx)
    expect((await pages.request(path)).status).toBe(200)
    expect((await pages.request(path, { method: 'HEAD' })).status).toBe(200)
    expect(await isSuppressed(bob)).toBe(false)
    expect((await pages.request(path, ONE_CLICK)).status).toBe(200)
    expect((await pages.request(path, ONE_CLICK)).status).toBe(200)
    expect(await isSuppressed(bob)).toBe(true)
    await invite(await created('second@example.com'), bob, cleo)
    expect([(await sentTo(bob)).length, (await sentTo(cleo)).length]).toEqual([1, 2])
    // Another organizer's mail is not meant.
    expect(await isSuppressed(bob, 'other@example.com')).toBe(false)
    expect((await listSuppressions(tenant.ctx, { limit: 10 })).suppressions).toMatchObject([
      { address: bob, organizerAddress: ana, reason: 'unsubscribe', source: 'page' },
    ])
  })

  it('of the whole domain by the page’s own button, and back by the next one', async () => {
    await invite(await created('domain@example.com'), bob)
    const { path } = await linksTo(bob)
    const pages = createPages(tenant.ctx)
    const done = await pages.request(path, form({ scope: 'domain' }))
    expect(await done.text()).toContain('Undo')
    expect(await isSuppressed(bob, 'other@example.com')).toBe(true)
    await pages.request(path, form({ scope: 'domain', act: 'undo' }))
    expect(await isSuppressed(bob, 'other@example.com')).toBe(false)
  })

  it('is not undone where the mailbox is dead', async () => {
    await invite(await created('bounced@example.com'), bob)
    const { path } = await linksTo(bob)
    await suppress(tenant.ctx, { address: bob, reason: 'hard_bounce', source: 'feedback' })
    const pages = createPages(tenant.ctx)
    await pages.request(path, form({ scope: 'domain' }))
    await pages.request(path, form({ scope: 'domain', act: 'undo' }))
    expect(await isSuppressed(bob)).toBe(true)
  })

  it('is not undone where the mailbox died after it was unsubscribed', async () => {
    await invite(await created('bounced-later@example.com'), bob)
    const { path } = await linksTo(bob)
    const pages = createPages(tenant.ctx)
    await pages.request(path, form({ scope: 'domain' }))
    await suppress(tenant.ctx, { address: bob, reason: 'complaint', source: 'feedback' })
    const undone = await pages.request(path, form({ scope: 'domain', act: 'undo' }))
    expect(await isSuppressed(bob)).toBe(true)
    expect(await undone.text()).not.toContain('You get mail again')
  })

  it('by mail with the id of the link, whoever sends it; without it nothing happens', async () => {
    await invite(await created('by-mail@example.com'), bob)
    const { mailto } = await linksTo(bob)
    const [, id = ''] = mailto.split('=')
    const mailOf = (subject: string, uid: string) =>
      mailWith({ uid }, 'text/plain', 'Stop.').replace(/^Subject: .*$/m, `Subject: ${subject}`)
    const write = (subject: string, uid: string) =>
      tenant.receive(mailOf(subject, uid), { to: 'unsubscribe@events.example.net', from: 'somebody@example.org' })
    await write('please stop', 'a@example.com')
    expect(await isSuppressed(bob)).toBe(false)
    await write(`Re: ${id}`, 'b@example.com')
    expect(await isSuppressed(bob)).toBe(true)
  })

  it('counts for what is planned and not claimed yet, and the attendee is shown as suppressed', async () => {
    const eventId = await created('planned@example.com')
    await inviteAttendee(tenant.ctx, { eventId, address: bob, channel: 'api' })
    await suppress(tenant.ctx, { address: bob, reason: 'complaint', source: 'feedback' })
    await tenant.drain()
    expect(await sentTo(bob)).toEqual([])
    const invitationId = invitationIdOf(tenant.ctx, eventId, bob)
    const invitations = await findInvitations(tenant.ctx, eventId, [invitationId])
    expect(invitations.get(invitationId)).toMatchObject({ sentState: 'suppressed', completeSequence: -1 })
  })

  it('is taken from nobody who has not got the link: 3,000 forged ones', async () => {
    await invite(await created('forged@example.com'), bob)
    const { path } = await linksTo(bob)
    const id = path.split('/').at(-1) ?? ''
    const pages = createPages(tenant.ctx)
    let known = 0
    for (let count = 0; count < 3000; count += 1) {
      // The first half is only a hash of two addresses, which may be known.
      const forged =
        count % 2 === 0 ? randomBytes(48).toString('hex') : `${id.slice(0, 64)}${randomBytes(16).toString('hex')}`
      if ((await pages.request(`/unsubscribe/${forged}`, ONE_CLICK)).status !== 404) known += 1
    }
    expect(known).toBe(0)
    expect((await listSuppressions(tenant.ctx, { limit: 10 })).suppressions).toEqual([])
  })
})
