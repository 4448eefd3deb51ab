import { afterEach, expect, it } from 'vitest'
import { MailerFailure } from '#shared/platform/mailer.ts'
import { sendFateOf } from '#shared/runtime/send-fate.ts'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { tick } from '../tick.ts'
import { ControlMail, controlMailKey } from './control-mail.ts'
import { planControlMails } from './plan-control-mail.ts'
import { recordMailEvent } from './record-mail-event.ts'
import { sendControlMail } from './send-control-mail.ts'

let plane: ControlPlaneInMemory

afterEach(() => plane.platform.close())

const mail = {
  mailKey: 'test:1',
  to: 'pat@example.com',
  parts: {
    subject: 'Records for <your> domain',
    paragraphs: ['Please enter these records.'],
    facts: [['NS', 'ns-1.example.com']],
    links: [['Open', 'http://localhost/x?a=1&b=2']],
    footer: 'Convoke',
  },
} as const

async function planned(): Promise<string> {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  const { operations, notices } = await planControlMails(ctx, [mail])
  await commit(ctx, { operations, notices, audit: { action: 'test', target: { kind: 'mail', id: '1' } } })
  const [body] = await plane.takeAll('mail-due')
  const { controlMailId }: { readonly controlMailId: string } = JSON.parse(JSON.stringify(body))
  return controlMailId
}

const rowOf = async (controlMailId: string) =>
  ControlMail.parse(await plane.platform.table.get(controlMailKey(controlMailId)))

function failing(error: Error): Ctx {
  return { ...plane.ctxOf(), mailer: { ...plane.platform.mailer, send: () => Promise.reject(error) } }
}

it('plans a mail once and sends it once, as text and as HTML', async () => {
  const controlMailId = await planned()
  expect(await planControlMails(plane.ctxOf(), [mail])).toEqual({ operations: [], notices: [] })
  await sendControlMail(plane.ctxOf(), { controlMailId })
  await sendControlMail(plane.ctxOf(), { controlMailId })
  const { mails } = await plane.platform.outbox.list({ limit: 10 })
  expect(mails).toMatchObject([{ envelopeTo: 'pat@example.com', envelopeFrom: 'convoke@example.com' }])
  const raw = Buffer.from(await plane.platform.outbox.raw(mails[0]?.mailerMessageId ?? '')).toString('latin1')
  expect(raw).toContain('Subject: Records for <your> domain')
  expect(raw).toContain('NS: ns-1.example.com')
  expect(raw).toContain('a=3D1&#38;b=3D2')
  expect(raw).toContain('Auto-Submitted: auto-generated')
  plane.platform.clock.advance(3600)
  await tick(plane.ctxOf())
  expect(await plane.takeAll('mail-due')).toEqual([])
})

it('tries again later when the mailer has no room, and never again when it refuses', async () => {
  const controlMailId = await planned()
  await sendControlMail(failing(MailerFailure.throttled('not now')), { controlMailId })
  expect(await rowOf(controlMailId)).toMatchObject({ state: 'planned', attempt: 1 })
  plane.platform.clock.advance(121)
  await tick(plane.ctxOf())
  expect(await plane.takeAll('mail-due')).toEqual([{ controlMailId }])
  await sendControlMail(failing(MailerFailure.rejected('no such box')), { controlMailId })
  expect(await rowOf(controlMailId)).toMatchObject({ state: 'refused', refusal: 'mailer.rejected' })
  await sendControlMail(plane.ctxOf(), { controlMailId })
  expect(await plane.platform.outbox.count()).toBe(0)
})

it('waits 15 minutes when nobody can say whether it was taken, then sends again', async () => {
  const controlMailId = await planned()
  const silent = failing(MailerFailure.ambiguous('the line broke'))
  const ctx: Ctx = { ...silent, mailer: { ...silent.mailer, lookup: () => Promise.resolve({ fate: 'unknown' }) } }
  await sendControlMail(ctx, { controlMailId })
  plane.platform.clock.advance(14 * 60)
  await sendControlMail(plane.ctxOf(), { controlMailId })
  expect(await plane.platform.outbox.count()).toBe(0)
  plane.platform.clock.advance(60)
  await sendControlMail(plane.ctxOf(), { controlMailId })
  expect(await plane.platform.outbox.count()).toBe(1)
  expect(await rowOf(controlMailId)).toMatchObject({ state: 'sent', attempt: 2 })
})

it('is not sent again when the feed tells that SES had taken it', async () => {
  const controlMailId = await planned()
  const silent = failing(MailerFailure.ambiguous('the line broke'))
  const { table } = plane.platform
  const ctx: Ctx = { ...silent, mailer: { ...silent.mailer, lookup: (sendId) => sendFateOf(table, sendId) } }
  await sendControlMail(ctx, { controlMailId })
  await recordMailEvent(ctx, 'Successfully validated SNS topic for Amazon SES event publishing.')
  const told = { messageId: '0100-abc', timestamp: '2026-03-01T00:00:00Z', tags: { sendId: [`${controlMailId}_1`] } }
  await recordMailEvent(ctx, JSON.stringify({ eventType: 'Delivery', mail: told }))
  plane.platform.clock.advance(16 * 60)
  await sendControlMail(ctx, { controlMailId })
  expect(await rowOf(controlMailId)).toMatchObject({ state: 'sent', attempt: 1, mailerMessageId: '0100-abc' })
  await expect(recordMailEvent(ctx, 'no event')).rejects.toThrow(SyntaxError)
})
