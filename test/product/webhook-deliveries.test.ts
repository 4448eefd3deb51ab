import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isFailure } from '#shared/errors/failure.ts'
import { TableFailure } from '#shared/platform/table.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { answerOnPage } from '#tenant-stack/core/reply/answer-on-page.ts'
import { resendDelivery, sendTest } from '#tenant-stack/core/webhook/ask-delivery.ts'
import { changeWebhook, getWebhook, removeWebhook, rotateWebhook } from '#tenant-stack/core/webhook/change-webhooks.ts'
import { findWebhookDelivery, listWebhookDeliveries } from '#tenant-stack/core/webhook/webhook-delivery.ts'
import { failingSince } from '#tenant-stack/core/webhook/webhook-health.ts'
import { deliverWebhook } from '#tenant-stack/pipelines/webhook/deliver-webhook.ts'
import { bob, invited } from '#test/harness/tenant/invited.ts'
import { down, type ListeningTenant, listeningTenant, taken } from '#test/harness/tenant/listening.ts'

const HOUR = 3600
const DAY = 24 * HOUR

let scene: ListeningTenant
let ctx: Ctx
let webhookId: string
beforeEach(async () => {
  scene = await listeningTenant()
  ctx = scene.tenant.ctx
  webhookId = (await scene.listen(['answer.recorded', 'event.created'])).webhook.webhookId
})
afterEach(() => scene.tenant.close())

const log = async () => (await listWebhookDeliveries(ctx, { webhookId, limit: 100 })).deliveries
const oneMinute = 60

describe('a server that is down', () => {
  it('for a day gets everything once it is up, each message under its own id, and none is lost', async () => {
    scene.answerWith(() => down)
    const talk = await invited(scene.tenant)
    await talk.reply('google')
    expect(await failingSince(ctx, webhookId)).toBe(ctx.clock.now())
    for (let step = 0; step < (DAY / HOUR) * 4; step += 1) await scene.pass(HOUR / 4)
    const [answered, created] = await log()
    expect([answered?.state, created?.state]).toEqual(['pending', 'pending'])
    scene.answerWith(() => taken)
    for (let step = 0; step < 44; step += 1) await scene.pass(HOUR / 4)
    const after = await log()
    expect(after.map(({ state, type }) => [type, state])).toEqual([
      ['answer.recorded', 'delivered'],
      ['event.created', 'delivered'],
    ])
    const ids = new Set(scene.calls.map((call) => call.webhookId))
    expect(ids).toEqual(new Set(after.map(({ deliveryId }) => deliveryId)))
    for (const id of ids) {
      const same = scene.calls.filter((call) => call.webhookId === id)
      expect(new Set(same.map(({ body }) => body)).size).toBe(1)
      // The attempt's own time is signed, the fact's time stays.
      expect(new Set(same.map(({ sentAt }) => sentAt)).size).toBe(same.length)
    }
    expect(await failingSince(ctx, webhookId)).toBeUndefined()
  })

  it('is tried after 5 s, 5 min, 30 min, 2 h, 5 h, then every 10 h, each found by the next sweep', async () => {
    scene.answerWith(() => ({ kind: 'answered', status: 500, text: 'no' }))
    await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    for (let minute = 0; minute < 28 * 60; minute += 1) await scene.pass(oneMinute)
    const rests = scene.calls.slice(1).map(({ at }, index) => Math.round((at - (scene.calls[index]?.at ?? 0)) / 1000))
    const wanted = [5, 5 * 60, 30 * 60, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR]
    expect(rests.length).toBe(wanted.length)
    for (const [index, rest] of rests.entries()) {
      expect(rest).toBeGreaterThanOrEqual(wanted[index] ?? 0)
      expect(rest).toBeLessThanOrEqual((wanted[index] ?? 0) + oneMinute)
    }
  })

  it('for four days fails a message for good; for five it is disabled, and what waits ends', async () => {
    scene.answerWith(() => down)
    await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    for (let hour = 0; hour < 5 * 24; hour += 1) await scene.pass(HOUR)
    const [first] = await log()
    expect([first?.state, first?.attemptCount]).toEqual(['failed', 15])
    expect((await getWebhook(ctx, webhookId)).isEnabled).toBe(true)
    await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    expect(await getWebhook(ctx, webhookId)).toMatchObject({ isEnabled: false, disabledBecause: 'failing' })
    const calls = scene.calls.length
    for (let hour = 0; hour < 24; hour += 1) await scene.pass(HOUR)
    expect(scene.calls).toHaveLength(calls)
    expect((await log()).map(({ state }) => state)).toEqual(['failed', 'failed'])
    await invited(scene.tenant)
    expect(scene.calls).toHaveLength(calls)
  })

  it('does not hold up what is told later', async () => {
    scene.answerWith((call) => (call.body.includes('event.created') ? down : taken))
    const talk = await invited(scene.tenant)
    await talk.reply('google')
    expect((await log()).map(({ type, state }) => [type, state])).toEqual([
      ['answer.recorded', 'delivered'],
      ['event.created', 'pending'],
    ])
  })
})

describe('a server that answers', () => {
  it('410 is asked nothing more', async () => {
    scene.answerWith(() => ({ kind: 'answered', status: 410, text: '' }))
    await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    expect(await getWebhook(ctx, webhookId)).toMatchObject({ isEnabled: false, disabledBecause: 'gone' })
  })

  it.each([301, 302, 307, 400, 404, 429, 503])('%i is tried again', async (status) => {
    scene.answerWith(() => ({ kind: 'answered', status, text: '' }))
    await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    const [delivery] = await log()
    expect([delivery?.state, delivery?.attempts.map((one) => one.status)]).toEqual(['pending', [status]])
  })

  it.each([200, 202, 204])('%i has it', async (status) => {
    scene.answerWith(() => ({ kind: 'answered', status, text: 'thanks' }))
    await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    expect((await log())[0]).toMatchObject({ state: 'delivered', response: 'thanks', attemptCount: 1 })
  })
})

describe('a message', () => {
  it('is sent once by twins, and once when its notice comes again', async () => {
    const { deliveryId } = await sendTest(ctx, webhookId)
    const due = { webhookId, deliveryId }
    const twins = await Promise.all([1, 2, 3].map(() => deliverWebhook(ctx, due)))
    expect(twins.filter((outcome) => outcome === 'delivered')).toHaveLength(1)
    await scene.tenant.drain()
    await deliverWebhook(ctx, due)
    expect(scene.calls).toHaveLength(1)
  })

  it('whose notice was lost with the process is found by the sweep', async () => {
    let isDead = true
    const topics: Ctx['topics'] = {
      publish: async (topicName, body) => {
        if (isDead && topicName === 'webhook-due') throw new Error('killed')
        await ctx.topics.publish(topicName, body)
      },
    }
    await expect(sendTest({ ...ctx, topics }, webhookId)).rejects.toThrow('killed')
    isDead = false
    await scene.tenant.drain()
    expect(scene.calls).toEqual([])
    await scene.pass(61)
    expect((await log()).map(({ state }) => state)).toEqual(['delivered'])
  })

  it.each([1, 2, 3])(
    'whose process is killed at its write %i is delivered all the same, under its own id',
    async (nth) => {
      const { deliveryId } = await sendTest(ctx, webhookId)
      let writes = 0
      const table: Ctx['table'] = {
        ...ctx.table,
        write: async (operation) => {
          writes += 1
          if (writes >= nth) throw new Error('killed')
          await ctx.table.write(operation)
        },
      }
      scene.answerWith(() => (nth === 3 ? down : taken))
      const outcome = await deliverWebhook({ ...ctx, table }, { webhookId, deliveryId }).catch(
        (error: unknown) => error,
      )
      expect(outcome).toBeInstanceOf(Error)
      scene.answerWith(() => taken)
      await scene.tenant.drain()
      for (let minute = 0; minute < 3; minute += 1) await scene.pass(oneMinute)
      expect((await findWebhookDelivery(ctx, { webhookId, deliveryId }))?.state).toBe('delivered')
      expect(new Set(scene.calls.map((call) => call.webhookId))).toEqual(new Set([deliveryId]))
      expect(scene.calls.length).toBeLessThanOrEqual(2)
    },
  )

  it('is written with the answer it is about, or neither is', async () => {
    const talk = await invited(scene.tenant)
    await scene.tenant.drain()
    scene.calls.length = 0
    let isFull = true
    const transact: Ctx['table']['transact'] = async (operations) => {
      const tells = operations.some(
        ({ kind, ...one }) => kind === 'put' && JSON.stringify(one).includes('answer.recorded'),
      )
      if (tells && isFull) throw TableFailure.unavailable('no')
      await ctx.table.transact(operations)
    }
    const press = (own: Ctx) => answerOnPage(own, { answerId, answer: 'yes', shownSequence: 0 })
    const [, answerId = ''] = /\/answer\/([0-9a-z]+)/.exec((await talk.mailsTo(bob))[0]?.text ?? '') ?? []
    const own = { ...ctx, table: { ...ctx.table, transact } }
    await expect(press(own)).rejects.toThrow('no')
    const { invitationId, eventId } = talk
    expect(await findInvitation(ctx, eventId, invitationId)).toMatchObject({ hasResponded: false })
    expect((await log()).filter(({ type }) => type === 'answer.recorded')).toEqual([])
    isFull = false
    expect((await press(own))?.kind).toBe('recorded')
    await scene.tenant.drain()
    expect(scene.told().map(({ type }) => type)).toEqual(['answer.recorded'])
  })

  it('is sent again when asked, under the same id, and not while its endpoint is disabled', async () => {
    const { deliveryId } = await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    await resendDelivery(ctx, { webhookId, deliveryId })
    await scene.tenant.drain()
    expect(scene.calls.map((call) => call.webhookId)).toEqual([deliveryId, deliveryId])
    expect((await log())[0]).toMatchObject({ state: 'delivered', attemptCount: 2 })
    const apiKey = { keyId: 'key_x', label: '', scopes: ['events:read', 'attendees:read'] as const, createdAt: 0 }
    const key = { ...apiKey, scopes: [...apiKey.scopes] }
    await changeWebhook(ctx, key, { webhookId, isEnabled: false })
    const refused = await resendDelivery(ctx, { webhookId, deliveryId }).catch((error: unknown) => error)
    expect(isFailure(refused, 'webhook.disabled')).toBe(true)
    await changeWebhook(ctx, key, { webhookId, isEnabled: true })
    await resendDelivery(ctx, { webhookId, deliveryId })
    await scene.tenant.drain()
    expect(scene.calls).toHaveLength(3)
  })

  it('is signed by both secrets while one is rotated, then by the new one alone', async () => {
    const { secret } = await rotateWebhook(ctx, { webhookId, overlapSeconds: HOUR })
    await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    expect(scene.calls[0]?.secrets).toHaveLength(2)
    expect(scene.calls[0]?.secrets[0]).toBe(secret)
    scene.tenant.platform.clock.advance(HOUR + 1)
    await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    expect(scene.calls[1]?.secrets).toEqual([secret])
  })

  it('ends with its endpoint, and is gone from the log after 30 days', async () => {
    scene.answerWith(() => down)
    const { deliveryId } = await sendTest(ctx, webhookId)
    await scene.tenant.drain()
    await removeWebhook(ctx, webhookId)
    for (let minute = 0; minute < 7; minute += 1) await scene.pass(oneMinute)
    expect(await findWebhookDelivery(ctx, { webhookId, deliveryId })).toMatchObject({ state: 'failed' })
    expect(scene.calls.length).toBeLessThanOrEqual(2)
    scene.tenant.platform.clock.advance(31 * DAY)
    expect(await findWebhookDelivery(ctx, { webhookId, deliveryId })).toBeUndefined()
  })
})
