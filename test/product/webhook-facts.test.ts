import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ApiScope } from '#shared/contracts/api.ts'
import { WebhookType } from '#shared/contracts/webhooks-api.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { confirmList, uploadList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { createWebhookWatch } from '#tenant-stack/core/webhook/webhook-watch.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { bob, invited, onDay } from '#test/harness/tenant/invited.ts'
import { type ListeningTenant, listeningTenant } from '#test/harness/tenant/listening.ts'
import { counter, proposalsOf } from '#test/harness/tenant/proposed.ts'

const everything = WebhookType.options
const masked: readonly ApiScope[] = ['events:read', 'attendees:read', 'lists:read', 'suppressions:read']

let scene: ListeningTenant
beforeEach(async () => {
  scene = await listeningTenant()
})
afterEach(() => scene.tenant.close())

const feedback = (sendId: string, more: object) =>
  pipelineHandlers.feedback(
    scene.tenant.ctx,
    JSON.stringify({
      mail: { messageId: 'm', timestamp: '2026-11-24T10:00:00Z', tags: { sendId: [sendId] } },
      ...more,
    }),
  )
const typesOf = () => scene.told().map(({ type }) => type)

describe('what is told', () => {
  it('an event’s life, by mail: created, sent, answered, changed, called off', async () => {
    await scene.listen(everything)
    const talk = await invited(scene.tenant)
    await talk.reply('google')
    await talk.changed(1, { lines: onDay(6) })
    await talk.changed(2, { method: 'CANCEL' })
    expect(typesOf()).toEqual([
      'event.created',
      'invitation.sent',
      'answer.recorded',
      'event.updated',
      'event.cancelled',
    ])
    const uid = `${talk.eventId}@events.example.net`
    expect(scene.told().map(({ data }) => data)).toEqual([
      { event_id: talk.eventId, uid, sequence: 0 },
      { event_id: talk.eventId, invitation_id: talk.invitationId, email: bob },
      {
        event_id: talk.eventId,
        invitation_id: talk.invitationId,
        sequence: 0,
        channel: 'mail',
        answers: [{ answer: 'accepted' }],
        email: bob,
      },
      { event_id: talk.eventId, uid, sequence: 1, resets_answers: true },
      { event_id: talk.eventId, uid, sequence: 2 },
    ])
  })

  it('a bounce, a complaint and an unsubscription, each once, told as often as you like', async () => {
    const talk = await invited(scene.tenant)
    await scene.listen(everything)
    const sendId = (await scene.tenant.sent()).find(({ to }) => to === bob)?.sendId ?? ''
    for (let times = 0; times < 2; times += 1) {
      await feedback(sendId, { eventType: 'Bounce', bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull' } })
      await feedback(sendId, { eventType: 'Complaint', complaint: { complaintFeedbackType: 'abuse' } })
      await suppress(scene.tenant.ctx, { address: 'carl@example.org', reason: 'unsubscribe', source: 'page' })
      await scene.tenant.drain()
    }
    expect(typesOf()).toEqual(['invitation.bounced', 'invitation.complained', 'attendee.unsubscribed'])
    expect(scene.told().map(({ data }) => data)).toEqual([
      { event_id: talk.eventId, invitation_id: talk.invitationId, email: bob },
      { event_id: talk.eventId, invitation_id: talk.invitationId, email: bob },
      { scope: 'domain', email: 'carl@example.org' },
    ])
  })

  it('a proposal, and a list whose last mail has left', async () => {
    await scene.listen(['proposal.received', 'list.done'])
    const { ctx, drain } = scene.tenant
    const talk = await invited(scene.tenant)
    await talk.reply('outlook', counter(8))
    const bytes = new TextEncoder().encode('dora@example.org\nemil@example.org')
    const { listId } = await uploadList(ctx, { eventId: talk.eventId, bytes })
    await drain()
    await confirmList(ctx, listId)
    await drain()
    const [proposal] = await proposalsOf(scene.tenant, talk.eventId)
    expect(scene.told().map(({ type, data }) => ({ type, ...data }))).toEqual([
      {
        type: 'proposal.received',
        proposal_id: proposal?.proposalId,
        event_id: talk.eventId,
        invitation_id: talk.invitationId,
        email: bob,
      },
      { type: 'list.done', list_id: listId, event_id: talk.eventId, planned: 2 },
    ])
  })

  it('an event made, changed and cancelled by API', async () => {
    await scene.listen(['event.created', 'event.updated', 'event.cancelled'])
    const talk = await invited(scene.tenant)
    scene.calls.length = 0
    const call = await apiCaller(scene.tenant.ctx)
    expect((await call('PATCH', `/events/${talk.eventId}`, { body: { subject: 'Another' } })).status).toBe(200)
    expect((await call('DELETE', `/events/${talk.eventId}`)).status).toBe(200)
    await scene.tenant.drain()
    expect(typesOf()).toEqual(['event.updated', 'event.cancelled'])
  })

  it('no address whole to who made the endpoint with a key that sees them masked', async () => {
    await scene.listen(everything, masked)
    const talk = await invited(scene.tenant)
    await talk.reply('google')
    await suppress(scene.tenant.ctx, { address: bob, reason: 'unsubscribe', source: 'page' })
    await scene.tenant.drain()
    expect(scene.told()).toHaveLength(4)
    expect(JSON.stringify(scene.calls)).not.toContain(bob)
    expect(scene.told().at(-1)?.data.email).toBe('b•••@example.org')
  })
})

describe('what it costs', () => {
  /** Rows written for one more invite. */
  async function writesOf(isListening: boolean): Promise<number> {
    let rows = 0
    const counted = await listeningTenant({
      reader: scene.tenant.ctx.reader,
      adjust: (ctx) => ({
        ...ctx,
        table: {
          ...ctx.table,
          write: (operation) => {
            rows += 1
            return ctx.table.write(operation)
          },
          transact: (operations) => {
            rows += operations.filter(({ kind }) => kind !== 'check').length
            return ctx.table.transact(operations)
          },
        },
      }),
    })
    if (isListening) await counted.listen(['invitation.sent'])
    // Listens, but to nothing that an invite does.
    await counted.listen(['event.cancelled'])
    const talk = await invited(counted.tenant)
    rows = 0
    await inviteAttendee(counted.tenant.ctx, { eventId: talk.eventId, address: 'dora@example.org', channel: 'api' })
    await counted.tenant.drain()
    await counted.tenant.close()
    return rows
  }

  it('an invite costs no write more unless somebody listens to it', async () => {
    const plain = await writesOf(false)
    const withListener = await writesOf(true)
    // The message, its claim and its end.
    expect(withListener - plain).toBe(3)
  })

  it('who listens is read once in ten seconds, whatever happens meanwhile', async () => {
    let gets = 0
    const { ctx } = scene.tenant
    const table = {
      ...ctx.table,
      get: (key: Parameters<typeof ctx.table.get>[0]) => {
        gets += 1
        return ctx.table.get(key)
      },
    }
    const watch = createWebhookWatch({ table, clock: ctx.clock })
    for (let times = 0; times < 50; times += 1) await watch.listening()
    expect(gets).toBe(1)
    scene.tenant.platform.clock.advance(11)
    await watch.listening()
    expect(gets).toBe(2)
  })
})
