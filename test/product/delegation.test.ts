import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { pageOf } from '#shared/contracts/api.ts'
import { createApi } from '#tenant-stack/api/app.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { listInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { bob, invited, onDay } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const cleo = 'cleo@example.org'
const delegated = { partstat: 'DELEGATED', attendeeParameters: `;DELEGATED-TO="mailto:${cleo}"` } as const
/** Cleo's own reply, which carries Bob's line along (RFC 5546 §4.2.5). */
const asDelegate = {
  attendee: cleo,
  attendeeParameters: `;DELEGATED-FROM="mailto:${bob}"`,
  otherAttendees: [`ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${cleo}":mailto:${bob}`],
} as const

const Page = pageOf(z.record(z.string(), z.unknown()))

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

async function ask(path: string, ...scopes: readonly ('attendees:read' | 'attendees:unmasked')[]) {
  const { secret } = await createApiKey(tenant.ctx, { label: 'test', scopes: [...scopes] })
  const response = await createApi(tenant.ctx).request(`/v1${path}`, { headers: { authorization: `Bearer ${secret}` } })
  return { status: response.status, body: response.status === 200 ? Page.parse(await response.json()) : undefined }
}

describe('who sends somebody in his place', () => {
  for (const shape of Object.keys(replyShapes) as (keyof typeof replyShapes)[])
    it(`is shown with whom in the shape of ${shape}; nobody is invited or mailed for it`, async () => {
      const one = await invited(tenant)
      const before = (await tenant.sent()).length
      expect(await one.reply(shape, delegated)).toMatchObject({ kind: 'acted', reason: 'answer_recorded' })
      expect(await one.invitation()).toMatchObject({ partstat: 'DELEGATED', delegatedTo: [cleo] })
      expect(await one.answers()).toMatchObject({ delegated: 1, none: 0 })
      expect((await listInvitations(tenant.ctx, { eventId: one.eventId, limit: 10 })).invitations).toHaveLength(1)
      expect((await tenant.sent()).length).toBe(before)
    })

  it('and the delegate’s own answer is his, in whichever order the two come', async () => {
    for (const [uid, isDelegateFirst] of [
      ['a@example.com', false],
      ['b@example.com', true],
    ] as const) {
      const one = await invited(tenant, uid)
      const first = { ...delegated, dtstamp: '20261123T120000Z' }
      const second = { ...asDelegate, partstat: 'ACCEPTED', dtstamp: '20261123T130000Z' } as const
      if (!isDelegateFirst) await one.reply('google', first)
      await one.reply('google', second)
      if (isDelegateFirst) expect(await one.reply('google', first)).toMatchObject({ reason: 'stale' })
      expect(await one.invitation()).toMatchObject({ partstat: 'ACCEPTED', answeredBy: cleo, delegatedTo: [cleo] })
      expect(await one.answers()).toMatchObject({ accepted: 1, delegated: 0, none: 0 })
    }
  })

  it('takes it back by answering himself', async () => {
    const one = await invited(tenant)
    await one.reply('google', delegated)
    await one.reply('google', { dtstamp: '20261123T130000Z' })
    expect(await one.invitation()).not.toHaveProperty('delegatedTo')
    expect(await one.history()).toMatchObject([{ delegatedTo: [cleo] }, { partstat: 'ACCEPTED' }])
  })

  it('hears of changes as before; the delegate does not', async () => {
    const one = await invited(tenant)
    await one.reply('google', delegated)
    await one.changed(1, { lines: onDay(6) })
    expect(await one.mailsTo(bob)).toHaveLength(2)
    expect(await one.mailsTo(cleo)).toEqual([])
  })
})

describe('words beside an answer', () => {
  it('are shown with it, go with the next answer, and stay in the history', async () => {
    const one = await invited(tenant)
    await one.reply('apple', { partstat: 'DECLINED', comment: 'On holiday\\, sorry.\\nBob\u0007' })
    const path = `/events/${one.eventId}/attendees`
    const unmasked = ['attendees:read', 'attendees:unmasked'] as const
    expect((await ask(path, ...unmasked)).body).toMatchObject({ data: [{ comment: 'On holiday, sorry.\nBob' }] })
    expect(JSON.stringify((await ask(path, 'attendees:read')).body)).not.toContain('holiday')
    await one.reply('google', { dtstamp: '20261123T130000Z' })
    expect((await ask(path, ...unmasked)).body?.data[0]).not.toHaveProperty('comment')
    const history = `${path}/${one.invitationId}/answers`
    expect((await ask(history, ...unmasked)).body).toMatchObject({
      data: [
        { kind: 'answer', channel: 'mail', answer: 'declined', comment: 'On holiday, sorry.\nBob' },
        { kind: 'answer', answer: 'accepted', answered_by: { email: bob, relation: 'self' } },
      ],
      has_more: false,
    })
    const masked = JSON.stringify((await ask(history, 'attendees:read')).body)
    for (const secret of ['holiday', bob]) expect(masked).not.toContain(secret)
    const page = await ask(`${history}?limit=1`, 'attendees:read')
    expect(page.body).toMatchObject({ has_more: true, data: [{ answer: 'declined' }] })
    const rest = await ask(
      `${history}?limit=5&after=${encodeURIComponent(page.body?.next_cursor ?? '')}`,
      'attendees:read',
    )
    expect(rest.body).toMatchObject({ has_more: false, data: [{ answer: 'accepted' }] })
  })

  it('404: of an attendee that there is not, or of another event', async () => {
    const one = await invited(tenant)
    const other = await invited(tenant, 'other@example.com', cleo)
    for (const path of [
      `/events/${one.eventId}/attendees/inv_none/answers`,
      `/events/${one.eventId}/attendees/${other.invitationId}/answers`,
      `/events/evt_none/attendees/${one.invitationId}/answers`,
    ])
      expect((await ask(path, 'attendees:read')).status).toBe(404)
  })

  it('written on the page are kept as those by mail', async () => {
    const one = await invited(tenant)
    const text = (await one.mailsTo(bob))[0]?.text ?? ''
    const path = new URL(/https:\S+\/answer\/[0-9a-z]+/.exec(text)?.[0] ?? '').pathname
    const press = (comment: string) =>
      createPages(tenant.ctx).request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ answer: 'maybe', shown: '0', comment }).toString(),
      })
    expect(await (await press('<b>Late</b>\u0000')).text()).toContain('&lt;b&gt;Late&lt;/b&gt;')
    expect(await one.invitation()).toMatchObject({ partstat: 'TENTATIVE', comment: '<b>Late</b>' })
    await press('')
    expect(await one.invitation()).not.toHaveProperty('comment')
    expect(await one.history()).toHaveLength(2)
  })
})
