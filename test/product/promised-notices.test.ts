import { afterEach, describe, expect, it } from 'vitest'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { ana, bob, invited } from '#test/harness/tenant/invited.ts'
import { counter } from '#test/harness/tenant/proposed.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
let isLosing = false
afterEach(() => tenant.close())

/** A tenant whose messages to those who tell organizers can be lost, as those are whose workers died five times. */
async function open() {
  isLosing = false
  tenant = await createTestTenant({
    adjust: (ctx) => ({
      ...ctx,
      topics: {
        ...ctx.topics,
        publish: async (topicName, body) => {
          const isTold = ['event-created', 'create-failed', 'confirmation-needed', 'notice-due'].includes(topicName)
          if (!(isLosing && isTold)) await ctx.topics.publish(topicName, body)
        },
      },
    }),
  })
}

async function sweep(seconds: number) {
  isLosing = false
  tenant.platform.clock.advance(seconds)
  await sweepHandlers.unfinished(tenant.ctx)
  await tenant.drain()
}

const toAna = async () =>
  (await tenant.sent())
    .filter(({ to }) => to === ana)
    .map(({ raw }) => /^Subject: (.*)$/m.exec(raw.toString('latin1'))?.[1] ?? '')

/** Loses what is told of it, and reads what Ana has after each of three sweeps. */
async function heardOf(act: () => Promise<unknown>) {
  const before = (await toAna()).length
  isLosing = true
  await act()
  const lost = (await toAna()).length - before
  for (let again = 0; again < 3; again += 1) await sweep(61)
  return { lost, heard: (await toAna()).slice(before) }
}

describe('what organizers are promised outlives the message that tells of it', () => {
  it('brings the mail that tells an event stands, once', async () => {
    await open()
    const heard = await heardOf(() => tenant.receive(organizerMail({ uid: 'one@example.com' }), { from: ana }))
    expect(heard).toEqual({ lost: 0, heard: [expect.stringContaining('Created')] })
  })

  it('brings what was wrong with a mail', async () => {
    await open()
    const raw = [`From: ${ana}`, 'To: create@events.example.net', 'Subject: Hello', '', 'No calendar.', '']
    const heard = await heardOf(() => tenant.receive(raw.join('\r\n'), { from: ana }))
    expect(heard).toEqual({ lost: 0, heard: [expect.stringContaining('Hello')] })
  })

  it('brings the link that asks who is not authenticated', async () => {
    await open()
    const unproven = { spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL' } as const
    const heard = await heardOf(() =>
      tenant.receive(organizerMail({ uid: 'one@example.com' }), { from: ana, authentication: unproven }),
    )
    expect(heard).toEqual({ lost: 0, heard: [expect.stringContaining('confirm')] })
  })

  it('brings a proposal and a letter of an attendee', async () => {
    await open()
    const one = await invited(tenant)
    expect(await heardOf(() => one.reply('google', counter(6)))).toEqual({
      lost: 0,
      heard: [expect.stringContaining('New time')],
    })
    const letter = [
      `From: Bob <${bob}>`,
      `To: ${one.replyAddress}`,
      'Subject: Train',
      'Message-ID: <letter@example.org>',
      '',
      'I come by train.',
      '',
    ]
    const heard = await heardOf(() => tenant.receive(letter.join('\r\n'), { to: one.replyAddress, from: bob }))
    expect(heard).toEqual({ lost: 0, heard: [expect.stringContaining('Train')] })
  })
})
