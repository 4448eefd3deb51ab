import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inboundBlobKey } from '#shared/contracts/notices.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { sesTrace } from '#test/cell/ses-mail.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
let published: string[]
let looked: number
let ctx: Ctx

beforeEach(async () => {
  published = []
  looked = 0
  tenant = await createTestTenant()
  ctx = {
    ...tenant.ctx,
    topics: { publish: async (topicName, body) => void published.push(`${topicName} ${JSON.parse(body).mailId}`) },
    table: {
      ...tenant.ctx.table,
      get: async (key) => {
        if (key.pk.startsWith('mail#')) looked += 1
        return tenant.ctx.table.get(key)
      },
    },
  }
})
afterEach(() => tenant.close())

const minutes = (count: number) => tenant.platform.clock.advance(count * 60)
const store = (mailId: string) =>
  tenant.ctx.blobs.put(inboundBlobKey(mailId), Buffer.from('From: a@example.com\r\n\r\nx\r\n'))

describe('the sweep of received mail', () => {
  it('offers an object without its rows again and again, until it is routed', async () => {
    await store('mail_lost')
    await sweepHandlers.inbound(ctx)
    expect(published).toEqual([])
    for (const round of [1, 2, 3]) {
      minutes(15)
      await sweepHandlers.inbound(ctx)
      expect(published).toHaveLength(round)
    }
    await sweepHandlers.inbound(tenant.ctx)
    await tenant.drain()
    minutes(15)
    await sweepHandlers.inbound(ctx)
    expect(published).toEqual(['mail-received mail_lost', 'mail-received mail_lost', 'mail-received mail_lost'])
  })

  it('looks at each routed mail once, and once a day again', async () => {
    await tenant.receive('From: ana@example.com\nTo: create@events.example.net\nSubject: x\n\nNo calendar here.\n')
    minutes(15)
    await sweepHandlers.inbound(ctx)
    expect(looked).toBe(1)
    for (let round = 0; round < 8; round += 1) {
      minutes(15)
      await sweepHandlers.inbound(ctx)
    }
    expect(looked).toBe(1)
    minutes(24 * 60)
    await sweepHandlers.inbound(ctx)
    expect(looked).toBe(2)
  })

  it('finds within a day what a clock that ran back has stored before its watermark', async () => {
    minutes(600)
    await sweepHandlers.inbound(ctx)
    tenant.platform.clock.set(tenant.platform.clock.now() - 300 * 60_000)
    await store('mail_early')
    minutes(24 * 60 + 320)
    await sweepHandlers.inbound(ctx)
    expect(published).toEqual(['mail-received mail_early'])
  })

  it('is not kept from other mail by one that it cannot look at, says so, and looks again', async () => {
    for (const mailId of ['mail_a', 'mail_bad', 'mail_c']) await store(mailId)
    const table = ctx.table
    const broken = {
      ...ctx,
      table: {
        ...table,
        get: async (key: { pk: string; sk: string }) =>
          key.pk === 'mail#mail_bad' ? Promise.reject(new Error('a bad row')) : table.get(key),
      },
    }
    for (const round of [1, 2]) {
      minutes(15)
      await expect(sweepHandlers.inbound(broken)).rejects.toThrow('1 mails could not be looked at')
      expect(published.filter((line) => line.endsWith('mail_c'))).toHaveLength(round)
    }
    minutes(15)
    await sweepHandlers.inbound(ctx)
    expect(published).toContain('mail-received mail_bad')
  })

  it('goes on with its look at everything where it was, and what is new comes first', async () => {
    await sweepHandlers.inbound(ctx)
    const mailIds = Array.from({ length: 1200 }, (_, at) => `mail_x${String(at).padStart(4, '0')}`)
    for (const mailId of mailIds) await store(mailId)
    minutes(15)
    await sweepHandlers.inbound(ctx)
    expect(published).toHaveLength(1200)
    published.length = 0
    const slow = {
      ...ctx,
      blobs: {
        ...ctx.blobs,
        list: async (...asked: Parameters<Ctx['blobs']['list']>) => {
          const page = await ctx.blobs.list(...asked)
          if (tenant.platform.clock.now() > wholeFrom) minutes(3)
          return page
        },
      },
    }
    minutes(24 * 60)
    const wholeFrom = tenant.platform.clock.now() - 1
    await tenant.ctx.table.write({
      kind: 'put',
      item: { pk: 'sweep#inbound', sk: 'watermark', through: tenant.platform.clock.now(), wholeAt: 0 },
    })
    for (let run = 0; run < 6; run += 1) await sweepHandlers.inbound(slow)
    expect(new Set(published).size).toBe(1200)
  })

  it('brings an answer to the reply address that SES’s own trace names, and believes no other trace', async () => {
    const notices: string[][] = []
    const seeing = {
      ...ctx,
      topics: { publish: async (_topicName: string, body: string) => void notices.push(JSON.parse(body).recipients) },
    }
    const reply = `r-${'0'.repeat(26)}@events.example.net`
    const raw = Buffer.from('From: bob@example.org\r\n\r\nx\r\n')
    const put = (id: string, trace: string) =>
      tenant.ctx.blobs.put(inboundBlobKey(`mail_${id}`), Buffer.concat([Buffer.from(trace), raw]))
    await put('true1', sesTrace(reply, 'true1'))
    await put('forged1', sesTrace(reply, 'another'))
    await put('foreign1', sesTrace('x@other.example.com', 'foreign1'))
    minutes(15)
    await sweepHandlers.inbound(seeing)
    expect(notices.flat().toSorted((a, b) => a.localeCompare(b))).toEqual([tenant.create, tenant.create, reply])
  })

  it('leaves objects alone that are no mail, such as the one SES writes when a rule is made', async () => {
    await tenant.ctx.blobs.put('inbound/AMAZON_SES_SETUP_NOTIFICATION', Buffer.from('x'))
    minutes(15)
    await sweepHandlers.inbound(ctx)
    expect(published).toEqual([])
  })
})

describe('the watch over the queues', () => {
  const watched = () => tenant.platform.log.entries.filter(({ at }) => at === 'queues.watched')

  it('says in one line what waits, what is dead, and how late the oldest work is', async () => {
    await sweepHandlers.queues(tenant.ctx)
    expect(watched()).toEqual([expect.objectContaining({ waiting: 0, deadLetters: 0, oldestOverdueSeconds: 0 })])
  })

  it('counts dead letters, and says whose they are', async () => {
    await tenant.ctx.topics.publish('event-created', '{}')
    for (let receive = 0; receive <= 5; receive += 1) {
      for (const { receiptHandle } of await tenant.platform.queues.receive('created-notice', { max: 10 }))
        await tenant.platform.queues.changeVisibility('created-notice', receiptHandle, 0)
    }
    await sweepHandlers.queues(tenant.ctx)
    expect(watched().at(-1)).toMatchObject({ deadLetters: 1 })
    expect(tenant.platform.log.entries).toContainEqual(
      expect.objectContaining({ at: 'queues.dead_letters', queueName: 'created-notice', dead: 1 }),
    )
  })

  it('counts mail that was never seen routed as overdue', async () => {
    await tenant.ctx.table.write({
      kind: 'put',
      item: {
        pk: 'sweep#inbound',
        sk: 'watermark',
        through: tenant.platform.clock.now(),
        wholeAt: tenant.platform.clock.now(),
      },
    })
    minutes(30)
    await sweepHandlers.queues(tenant.ctx)
    expect(watched().at(-1)).toMatchObject({ oldestOverdueSeconds: 0 })
    minutes(90)
    await sweepHandlers.queues(tenant.ctx)
    expect(watched().at(-1)).toMatchObject({ oldestOverdueSeconds: 6600 })
  })

  it('grows the age of work that nobody finishes', async () => {
    await tenant.ctx.table.write({
      kind: 'put',
      item: { pk: 'x', sk: 'x', gsi2pk: 'unfinished#3', gsi2sk: String(tenant.platform.clock.now()).padStart(15, '0') },
    })
    minutes(20)
    await sweepHandlers.queues(tenant.ctx)
    expect(watched().at(-1)).toMatchObject({ oldestOverdueSeconds: 1200 })
  })
})
