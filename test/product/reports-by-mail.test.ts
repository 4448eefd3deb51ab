import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { ana, bob, invited, onDay } from '#test/harness/tenant/invited.ts'
import { fileOf, fromReports, REPORTS, reportsDesk } from '#test/harness/tenant/reported.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { unbelieved } from './bad-input-cases.ts'

const boris = 'boris@example.com'

/** Starting the reading process is slow; a tenant of its own for each test is not. */
const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant({ reader })
})
afterEach(() => tenant.close())

const { ask, created, told, reported } = reportsDesk(() => tenant)

describe('an organizer who mails reports@', () => {
  it('gets the report of the event whose id he writes, in answer to his mail', async () => {
    const one = await invited(tenant)
    const outcome = await ask({ subject: `Who comes to ${one.eventId.toUpperCase()}?`, name: 'first' })
    expect(outcome).toMatchObject({
      kind: 'acted',
      reason: 'report_planned',
      answer: 'report_mail',
      eventIds: [one.eventId],
    })
    const [mail, ...more] = await fromReports(tenant)
    if (mail === undefined) throw new Error('no report')
    expect(more).toEqual([])
    expect(mail).toMatchObject({ rcpt: ana, subject: 'Report: A meeting', inReplyTo: '<first@mail.example.com>' })
    expect(fileOf(mail).rows.map(({ Email }) => Email)).toEqual([bob])
  })

  for (const subject of [
    'Team lunch',
    'team  LUNCH ',
    'Re: Team lunch',
    'AW: Re: Created: Team lunch',
    'Fwd: Report: Team lunch',
    'RE[2]: "Team lunch"',
    '回复：Team lunch',
    '=?utf-8?Q?Re=3A_Ｔeam_lunch?=',
  ])
    it(`gets it by its subject, as ${subject}`, async () => {
      const eventId = await created('Team lunch')
      await created('Team lunch again', onDay(6))
      expect(await ask({ subject })).toMatchObject({ kind: 'acted', eventIds: [eventId] })
      expect(await reported()).toEqual([eventId])
    })

  it('gets it when he answers the created mail, which is quoted', async () => {
    const eventId = await created('Team lunch')
    await created('Team lunch', onDay(6))
    const text = `Report please\r\n\r\n> "Team lunch" is ready to be sent\r\n> Event id: ${eventId}\r\n`
    expect(await ask({ subject: 'Re: Created: Team lunch', text })).toMatchObject({ eventIds: [eventId] })
  })

  it('gets a new one when he answers the report', async () => {
    const one = await invited(tenant)
    await ask({ subject: one.eventId })
    const [report] = await fromReports(tenant)
    const text = (report?.text ?? '').replaceAll(/^/gm, '> ')
    await ask({ subject: `Re: ${report?.subject}`, text })
    expect(await reported()).toEqual([one.eventId, one.eventId])
  })

  it('gets the five that are next, then those just over, and the others in words', async () => {
    const ids = new Map<number, string>()
    for (const day of [9, 7, 8, 3, 2, 6, 1, 4]) ids.set(day, await created('Stand-up', onDay(day)))
    tenant.platform.clock.set(Date.UTC(2027, 2, 3, 20))
    const outcome = await ask({ subject: 'Stand-up' })
    const next = [4, 6, 7, 8, 9].map((day) => ids.get(day))
    expect(outcome.eventIds).toEqual(next)
    expect(new Set(await reported())).toEqual(new Set(next))
    const words = (await fromReports(tenant)).filter(({ attachments }) => attachments.length === 0)
    expect(words.map(({ rcpt, subject }) => [rcpt, subject])).toEqual([[ana, 'More events found: Stand-up']])
    const [three, two, one] = [3, 2, 1].map((day) => ids.get(day))
    expect(words[0]?.text).toMatch(new RegExp(`3 Mar 2027[^\n]*${three}\n[^\n]*${two}\n[^\n]*${one}\n`))
  })

  it('gets the report of an event without a title by the words that we give it', async () => {
    const eventId = await created('')
    expect(await ask({ subject: 'Re: Created: Untitled event' })).toMatchObject({ eventIds: [eventId] })
    expect(await ask({ subject: '' })).toMatchObject({ reason: 'no_such_event' })
  })
})

describe('who asks for what is not his', () => {
  it('is told in the same words whether it is somebody else’s or nobody’s', async () => {
    const theirs = await created('Board', onDay(5), boris)
    const none = theirs.replace(/.{5}$/, '00000')
    for (const subject of [theirs, none, 'Board', 'Bored'])
      expect(await ask({ subject })).toMatchObject({
        kind: 'ignored',
        reason: 'no_such_event',
        answer: 'failed_mail',
        eventIds: [],
      })
    const mails = await fromReports(tenant)
    expect(mails.map(({ rcpt, attachments }) => [rcpt, attachments.length])).toEqual(mails.map(() => [ana, 0]))
    const [foreign, nobodys, bySubject, misspelt] = mails.map(({ text }) => text ?? '')
    expect(foreign?.replace(theirs, none)).toBe(nobodys)
    expect(bySubject?.replace('Board', 'Bored')).toBe(misspelt)
    expect(foreign).toContain('Write the id of the event')
  })

  it('gets his own of several ids, and nothing of the others', async () => {
    const [his, theirs] = [await created('Mine'), await created('Theirs', onDay(5), boris)]
    expect(await ask({ subject: `${theirs} ${his}` })).toMatchObject({ eventIds: [his] })
    expect(await told()).toEqual([`${ana} Report: Mine`])
  })

  it('hears nothing when he is not proven and has no such event: his address may be anybody’s', async () => {
    await created('Board', onDay(5), boris)
    const outcome = await ask({ subject: 'Board' }, { authentication: unbelieved })
    expect(outcome).toMatchObject({ kind: 'needs_confirmation', answer: 'nothing' })
    expect(await told()).toEqual([])
  })
})

describe('who is not proven', () => {
  it('is asked by one link, in words for a report, and gets it once he says that it was his', async () => {
    const eventId = await created('Team lunch')
    const { mailId, ...outcome } = await ask({ subject: 'Team lunch' }, { authentication: unbelieved })
    expect(outcome).toMatchObject({ kind: 'needs_confirmation', answer: 'confirmation_link' })
    expect(await ask({ subject: eventId }, { authentication: unbelieved })).toMatchObject({ answer: 'nothing' })
    const sent = (await tenant.sent()).map(({ raw }) => raw.toString().replaceAll('=\r\n', ''))
    const question = sent.at(-1) ?? ''
    expect(question).toContain('the report is then sent to you')
    expect(question).not.toMatch(/invit/i)
    const path = /go\.events\.example\.net(\/confirm\/[0-9a-z]+)/.exec(question)?.[1] ?? ''
    const shown = await (await createPages(tenant.ctx).request(path)).text()
    expect(shown).toContain('Did you ask for this report?')
    expect(shown).not.toMatch(/invit/i)
    expect(await reported()).toEqual([])
    await createPages(tenant.ctx).request(path, { method: 'POST' })
    await tenant.drain()
    expect(await reported()).toEqual([eventId])
    expect((await findDelivery(tenant.ctx, mailId, REPORTS))?.outcome).toMatchObject({ reason: 'report_planned' })
  })
})
