import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { interrupted, writes } from '#test/harness/tenant/interrupt.ts'
import { mailsOf } from '#test/harness/tenant/life-of-an-event.ts'
import { believed, createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

let tenant: TestTenant
/** Whether mail proves who sent it. */
let isProven: boolean
beforeEach(async () => {
  isProven = true
  tenant = await createTestTenant({ reader, adjust: (ctx) => ({ ...ctx, authenticate: async () => verdicts() }) })
})
afterEach(async () => tenant.close())

const verdicts = () =>
  isProven ? believed : ({ ...believed, spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] } as const)
const ana = 'ana.diaz@example.com'

type Text = {
  readonly method?: string
  readonly sequence?: number
  readonly hour?: number
  readonly lines?: readonly string[]
}

/** A mail about one meeting; each has its own Message-ID. */
function mail(uid: string, { method = 'REQUEST', sequence = 0, hour = 9, lines = [] }: Text): string {
  const stamp = `20261123T${String(hour).padStart(2, '0')}0000Z`
  return organizerMail({ uid, method, lines: [`SEQUENCE:${sequence}`, 'DTSTART:20270305T090000Z', ...lines] })
    .replace('DTSTAMP:20261123T090000Z', `DTSTAMP:${stamp}`)
    .replace(`Message-ID: <${uid}>`, `Message-ID: <${method}.${sequence}.${hour}.${lines.length}.${lines[0]}.${uid}>`)
}

/** Takes a mail in, as far as the queue of its mailbox; gives the body of the notice that waits there. */
async function routed(raw: string): Promise<string> {
  const { mailId } = await acceptMail(tenant.ctx, {
    raw: Buffer.from(raw),
    envelopeFrom: ana,
    recipients: [tenant.create],
    origin: { remoteAddress: '203.0.113.7', helo: 'x' },
  })
  const { queues } = tenant.platform
  for (const message of await queues.receive('inlet', { max: 10 })) {
    await pipelineHandlers.inlet(tenant.ctx, message.body)
    await queues.delete('inlet', message.receiptHandle)
  }
  for (const message of await queues.receive('disassemble', { max: 10 }))
    await queues.delete('disassemble', message.receiptHandle)
  return JSON.stringify({ mailId, recipient: tenant.create })
}

const decide = (body: string, ctx: Ctx = tenant.ctx) => pipelineHandlers.disassemble(ctx, body)

/** Decides `slow`, and `fast` in the moment before its effect is written. */
async function raced(slow: string, fast: string, at: ReturnType<typeof writes>): Promise<void> {
  const [slowBody, fastBody] = [await routed(slow), await routed(fast)]
  const slowly = interrupted(tenant.ctx)
  slowly.atWrite(at, () => decide(fastBody))
  await decide(slowBody, slowly.ctx)
  await tenant.drain()
}

const events = async () => (await listEvents(tenant.ctx, { limit: 10 })).events

describe('two mails decided at the same time', () => {
  it('a request and its cancel end without a living event', async () => {
    await raced(mail('a', {}), mail('a', { method: 'CANCEL', sequence: 1, hour: 10 }), writes('uid#'))
    expect((await events()).filter(({ status }) => status === 'confirmed')).toEqual([])
  })

  it('a cancel and its request end without a living event', async () => {
    await raced(mail('a', { method: 'CANCEL', sequence: 1, hour: 10 }), mail('a', {}), writes('uid#'))
    expect((await events()).filter(({ status }) => status === 'confirmed')).toEqual([])
  })

  it('two dates called off before their series came are both left out of it', async () => {
    const off = (day: string, hour: number) =>
      mail('s', { method: 'CANCEL', sequence: 1, hour, lines: [`RECURRENCE-ID:${day}T090000Z`] })
    await raced(off('20270306', 10), off('20270307', 11), writes('uid#'))
    await tenant.receive(mail('s', { lines: ['RRULE:FREQ=DAILY;COUNT=5'] }), { from: ana })
    const [event] = await events()
    const { stored } = await getContent(tenant.ctx, event?.seriesBlobKey ?? '')
    expect(stored.series.cancelled.map(({ recurrenceKey }) => recurrenceKey)).toHaveLength(2)
  })

  it('a re-creation and a later cancel of the old event end without a living event', async () => {
    await tenant.receive(mail('r', {}), { from: ana })
    await tenant.receive(mail('r', { method: 'CANCEL', sequence: 1, hour: 10 }), { from: ana })
    await raced(mail('r', { hour: 11 }), mail('r', { method: 'CANCEL', sequence: 5, hour: 12 }), writes('uid#'))
    expect((await events()).filter(({ status }) => status === 'confirmed')).toEqual([])
  })
})

describe('a mail whose sender confirms it', () => {
  const confirm = async () => {
    const link = (await mailsOf(tenant.platform)).findLast(({ subject }) => subject.startsWith('Please confirm'))
    const path = /\/confirm\/[0-9a-z]{26}/.exec(link?.text ?? '')?.[0] ?? ''
    expect((await createPages(tenant.ctx).request(path, { method: 'POST' })).status).toBe(200)
  }

  it('is shown which mail it is, and nothing of it is markup', async () => {
    isProven = false
    const raw = mail('c', {}).replace('Subject: A meeting', 'Subject: <b>Budget</b>')
    await tenant.receive(raw, { from: ana })
    const [link] = await mailsOf(tenant.platform)
    const path = /\/confirm\/[0-9a-z]{26}/.exec(link?.text ?? '')?.[0] ?? ''
    const page = await (await createPages(tenant.ctx).request(path)).text()
    expect(page).toContain('&lt;b&gt;Budget&lt;/b&gt;')
    expect(page).not.toContain('<b>Budget')
  })

  it('is created although a twin that slept since before the question decides it as unproven', async () => {
    isProven = false
    const body = await routed(mail('c', {}))
    const sleeper = interrupted(tenant.ctx)
    sleeper.atWrite(writes('mail#', 'to#'), async () => {
      await decide(body)
      await tenant.drain()
      await confirm()
    })
    await decide(body, sleeper.ctx)
    await tenant.drain()
    expect(await events()).toHaveLength(1)
  })

  it('is told so although a twin that slept after the question clears what was promised since', async () => {
    isProven = false
    const body = await routed(mail('c', {}))
    const sleeper = interrupted(tenant.ctx)
    const clears = writes('mail#', 'to#')
    sleeper.atWrite(
      (operation) => clears(operation) && operation.kind === 'update' && operation.set === undefined,
      async () => {
        await tenant.drain()
        await confirm()
        const { queues } = tenant.platform
        const mute = { ...tenant.ctx, topics: { publish: () => Promise.reject(new Error('killed')) } }
        for (const message of await queues.receive('disassemble', { max: 10 })) {
          await expect(decide(message.body, mute)).rejects.toThrow('killed')
          await queues.delete('disassemble', message.receiptHandle)
        }
      },
    )
    await decide(body, sleeper.ctx)
    tenant.platform.clock.advance(120)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
    expect((await mailsOf(tenant.platform)).filter(({ subject }) => subject.startsWith('Created'))).toHaveLength(1)
  })
})
