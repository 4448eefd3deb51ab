import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlFunctionNames } from '#control-plane/manifest.ts'
import { CELL_FUNCTIONS } from '#infra/build/cell-functions.ts'
import { type Estate, openEstate } from '#test/harness/aws/estate.ts'
import { crlf, looksAt } from '#test/harness/aws/looks.ts'
import { type ReadMail, receiveByCell, sentTo } from '#test/harness/aws/outside-world.ts'
import { reportFigure } from '#test/harness/aws/report-figure.ts'
import { stampTenant, type TenantOnAws } from '#test/harness/aws/tenant-on-aws.ts'
import { readSample } from '#test/harness/samples.ts'
import { type ReplyFacts, type ReplyShape, replyShapes } from '../../fixtures/reply-mails.ts'

let estate: Estate
let look: ReturnType<typeof looksAt>
let one: TenantOnAws
let two: TenantOnAws
let eventId = ''
let invite: ReadMail

const ana = 'ana.diaz@example.com'
const bob = 'bob@example.org'

beforeAll(async () => {
  estate = await openEstate()
  look = looksAt(estate)
})
afterAll(async () => {
  await estate.close()
})

type Answer = Pick<ReplyFacts, 'partstat' | 'sequence' | 'dtstamp' | 'start' | 'end'>

/** His calendar's REPLY comes in by the cell and is decided. */
async function bobAnswers(messageId: string, shape: ReplyShape, answer: Answer): Promise<void> {
  const raw = replyShapes[shape]({
    uid: `${eventId}@${one.domainName}`,
    replyAddress: invite.from,
    attendee: bob,
    ...answer,
  })
  await receiveByCell(estate, { messageId, raw: crlf(raw), recipients: [invite.from], from: bob })
  await look.outcomeOf(one, messageId, invite.from)
}

describe('a cell with a published release', () => {
  it('stands, its receipt rule set active, its code under its hash', () => {
    reportFigure('cell_resources', estate.cell.resources.length)
    reportFigure('cell_deploy_s', estate.cell.seconds)
    const ofTenants = new Set(Object.values(estate.published.manifest.functions).map(({ sha256 }) => sha256)).size
    expect(estate.zips).toBe(ofTenants + CELL_FUNCTIONS.length + controlFunctionNames().length)
    expect(estate.ruleSets.active()).toMatch(/^baseline-cell-/)
  })

  it('takes the same release again and adds nothing', async () => {
    expect(estate.published.isNew).toBe(true)
    expect(await estate.publish()).toMatchObject({ isNew: false, zipsUploaded: 0 })
  })

  it('gets two tenants stamped from the published template', async () => {
    one = await stampTenant(estate, 'one', `ten_${'0'.repeat(25)}1`)
    two = await stampTenant(estate, 'two', `ten_${'0'.repeat(25)}2`)
    for (const { stack } of [one, two]) expect(stack.outputs.TemplateVersion).toBe('0.1.0')
    reportFigure('tenant_resources', one.stack.resources.length)
    reportFigure('deploy_s', one.stack.seconds + two.stack.seconds)
  })
})

describe('one event’s life on the deployed stack', () => {
  it('a mail to create@ becomes an event, and its organizer is told by a mail that answers his invite', async () => {
    await receiveByCell(estate, {
      messageId: 'create1',
      raw: readSample('google-single-timed'),
      recipients: [one.create],
    })
    const outcome = await look.outcomeOf(one, 'create1')
    expect(outcome).toMatchObject({ kind: 'acted', reason: 'created' })
    eventId = outcome.eventIds[0] ?? ''
    const created = await sentTo(estate, ana)
    expect(created).toMatchObject({ method: 'REPLY', from: one.create })
    expect(created.text).toContain(eventId)
    expect(created.mail).toMatchObject({
      tenantName: 'convoke-one',
      configurationSetName: 'convoke-one',
      feedbackForwardingEmailAddress: null,
    })
  })

  it('the API shows it through API Gateway, to a key alone', async () => {
    const shown = await one.api(`/v1/events/${eventId}`)
    expect(shown).toMatchObject({
      status: 200,
      body: { subject: 'Quarterly planning', status: 'confirmed', sequence: 0 },
    })
    expect(await one.api(`/v1/events/${eventId}`, { key: 'cvk_nobody' })).toMatchObject({
      status: 401,
      body: { code: 'api.unauthorized' },
    })
    expect(await one.api('/v1/nothing')).toMatchObject({ status: 404, body: { code: 'api.not_found' } })
    expect(await one.api(`/v1/events/${eventId}/invitations`, { method: 'POST', body: { email: 7 } })).toMatchObject({
      status: 422,
    })
  })

  it('POST invites one person by a personal native invite, whole at the SES boundary', async () => {
    const body = { email: bob, name: 'Bob' }
    const answer = await one.api(`/v1/events/${eventId}/invitations`, { method: 'POST', body })
    expect(answer).toMatchObject({ status: 202, body: { event_id: eventId, email: bob, state: 'planned' } })
    invite = await sentTo(estate, bob)
    expect(invite).toMatchObject({ method: 'REQUEST', subject: expect.stringContaining('Quarterly planning') })
    expect(invite.vevent).toMatchObject({ uid: expect.stringContaining(eventId), summary: 'Quarterly planning' })
    expect(invite.vevent?.start.toISOString()).toBe('2027-03-09T14:00:00.000Z')
    expect(invite.calendar.match(/^ATTENDEE/gm)).toHaveLength(1)
    expect(invite.calendar).toContain(`mailto:${bob}`)
    expect(invite.from).toMatch(/^r-[0-9a-z]{26}@one\.example\.net$/)
    expect(invite.mail.tags.sendId).toMatch(/^snd_/)
    // By its turn in the rate that the cell's tenants share.
    const TableName = estate.cell.outputs.SendRateTableName
    const { Items = [] } = await estate.aws.dynamo.send(new ScanCommand({ TableName }))
    expect(Items.flatMap((item) => Object.keys(item)).some((name) => name.startsWith('taken_'))).toBe(true)
    await look.atRest(one)
    expect(await one.api(`/v1/events/${eventId}/invitations`, { method: 'POST', body })).toMatchObject({
      status: 202,
      body: { state: 'sent' },
    })
  })

  it('his calendar’s REPLY moves the statistics', async () => {
    await bobAnswers('reply1', 'google', {
      partstat: 'ACCEPTED',
      sequence: 0,
      dtstamp: '20261124T100000Z',
      start: '20270309T140000Z',
      end: '20270309T150000Z',
    })
    const statistics = await one.api(`/v1/events/${eventId}/statistics`)
    expect(statistics.body).toMatchObject({ attendees: 1, answers: { accepted: 1, none: 0 }, mail: { sent: 1 } })
  })

  it('an update reaches who had answered, with SEQUENCE raised, and resets the answers', async () => {
    await receiveByCell(estate, {
      messageId: 'update1',
      raw: readSample('google-single-timed-update'),
      recipients: [one.create],
    })
    const update = await sentTo(estate, bob, 1)
    expect(update).toMatchObject({ method: 'REQUEST' })
    expect(update.calendar).toMatch(/^SEQUENCE:1$/m)
    expect(update.vevent?.start.toISOString()).toBe('2027-03-10T15:30:00.000Z')
    await look.atRest(one)
    expect((await one.api(`/v1/events/${eventId}/statistics`)).body).toMatchObject({
      answers: { accepted: 0, none: 1 },
    })
  })

  it('a notice that comes three times, and a mail that was sent twice, do nothing more', async () => {
    await look.atRest(one)
    const before = estate.ses.mails.length
    await receiveByCell(estate, {
      messageId: 'update1',
      raw: readSample('google-single-timed-update'),
      recipients: [one.create],
      notices: 3,
    })
    await receiveByCell(estate, {
      messageId: 'update2',
      raw: readSample('google-single-timed-update'),
      recipients: [one.create],
    })
    expect(await look.outcomeOf(one, 'update2')).toMatchObject({ kind: 'ignored' })
    await look.atRest(one)
    expect(estate.ses.mails.length).toBe(before)
    expect((await one.api(`/v1/events/${eventId}`)).body).toMatchObject({ sequence: 1 })
  })

  it('a cancel takes it off the calendars of its audience', async () => {
    // Who answered the new time is the audience of the cancel.
    await bobAnswers('reply2', 'outlook', {
      partstat: 'TENTATIVE',
      sequence: 1,
      dtstamp: '20261124T110000Z',
      start: '20270310T153000Z',
      end: '20270310T163000Z',
    })
    await receiveByCell(estate, {
      messageId: 'cancel1',
      raw: readSample('google-single-timed-cancel'),
      recipients: [one.create],
    })
    const cancel = await sentTo(estate, bob, 2)
    expect(cancel).toMatchObject({ method: 'CANCEL' })
    expect(cancel.calendar).toMatch(/^STATUS:CANCELLED$/m)
    await look.atRest(one)
    expect((await one.api(`/v1/events/${eventId}`)).body).toMatchObject({ status: 'cancelled' })
  })
})
