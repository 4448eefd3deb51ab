import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { UNFINISHED_SHARDS } from '#tenant-stack/core/unfinished.ts'
import { calendarWith, eventWith, mailWith, organizerMail } from '#test/fixtures/organizer-mails.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const reader = createMailReader({ log: createCollectingLog() })
let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant({ reader })
})
afterEach(async () => tenant.close())
afterAll(async () => reader.close())

const ana = 'ana.diaz@example.com'
const start = 'DTSTART:20270305T090000Z'
/** Its two halves fall on both sides of every even place. */
const faces = (length: number) => `a${'😀'.repeat(length)}`

async function unfinished(): Promise<number> {
  let rows = 0
  for (let shard = 0; shard < UNFINISHED_SHARDS; shard += 1)
    rows += (await tenant.ctx.table.query({ index: 'gsi2', pk: `unfinished#${shard}`, limit: 100 })).items.length
  return rows
}

/** Ends in one outcome and leaves nothing to do for ever. */
async function ends(raw: string, to?: string) {
  const outcome = await tenant.receive(raw, { from: ana, ...(to === undefined ? {} : { to }) })
  expect(await unfinished()).toBe(0)
  return outcome
}

async function invited(uid: string, lines: readonly string[] = [start]) {
  const { eventIds } = await tenant.receive(organizerMail({ uid, lines }), { from: ana })
  const eventId = eventIds[0] ?? ''
  await inviteAttendee(tenant.ctx, { eventId, address: 'bob@example.org', channel: 'api' })
  await tenant.drain()
  const raw = (await tenant.sent()).findLast((mail) => mail.to === 'bob@example.org')?.raw.toString('latin1') ?? ''
  return { eventId, replyAddress: /<(r-[0-9a-z]{26}@[^>]+)>/.exec(raw)?.[1] ?? '' }
}

describe('a mail made to be swept for ever', () => {
  it.each([
    [
      'a subject cut inside a letter',
      organizerMail({ uid: 'p1', headers: [], subject: 'S' }).replace('Subject: S', `Subject: ${faces(200)}`),
    ],
    ['a place cut inside a letter', organizerMail({ uid: 'p2', lines: [start, `LOCATION:${faces(600)}`] })],
    ['an organizer cut inside a letter', organizerMail({ uid: 'p3', from: `${faces(120)} <${ana}>`, lines: [start] })],
    ['a From of 3,000 letters', organizerMail({ uid: 'p4', from: `${'a'.repeat(3000)}@example.com`, lines: [start] })],
    ['a UID of 1,000 faces', organizerMail({ uid: 'p5', lines: [start] }).replace('UID:p5', `UID:${faces(500)}`)],
    [
      '2,000 cancelled dates of nothing',
      mailWith(
        { uid: 'p6' },
        'text/calendar; method=CANCEL',
        calendarWith(
          Array.from({ length: 1900 }, (_, day) =>
            eventWith({
              uid: 'p6',
              lines: [
                `DTSTART;TZID=${'Europe/Madrid'}:20270305T100000`,
                `RECURRENCE-ID;TZID=Europe/Madrid:${new Date(Date.UTC(2027, 0, day)).toISOString().slice(0, 10).replaceAll('-', '')}T100000`,
                'SEQUENCE:1',
              ],
            }),
          ),
          'CANCEL',
        ),
      ),
    ],
    [
      'a rule of 300 KB',
      organizerMail({
        uid: 'p7',
        lines: [start, `RRULE:FREQ=YEARLY;COUNT=3;BYMONTHDAY=${Array.from({ length: 100_000 }, () => '5').join(',')}`],
      }),
    ],
    [
      'five rules of 100 KB',
      organizerMail({
        uid: 'p8',
        lines: [
          start,
          ...Array.from({ length: 5 }, (_, n) => `RRULE:FREQ=YEARLY;COUNT=${n + 3};X-A=${'b'.repeat(100_000)}`),
        ],
      }),
    ],
    [
      'a zone with a long name',
      organizerMail({ uid: 'p9', lines: [`DTSTART;TZID=${'x'.repeat(200_000)}:20270305T090000`] }),
    ],
    ['a location of the year 1', organizerMail({ uid: 'p10', lines: ['DTSTART:00010101T000000Z'] })],
    ['a start in the year 0', organizerMail({ uid: 'p11', lines: ['DTSTART:00000101T000000Z'] })],
    ['an end after the year 9999', organizerMail({ uid: 'p12', lines: ['DTSTART:99991231T230000Z', 'DURATION:P10D'] })],
    [
      'a start after the year 9999',
      organizerMail({ uid: 'p13', lines: ['DTSTART;TZID=America/New_York:99991231T230000'] }),
    ],
    ['a day at the end of time', organizerMail({ uid: 'p14', lines: ['DTSTART;VALUE=DATE:99991231'] })],
    [
      'a controlling zone',
      organizerMail({ uid: 'p15', lines: [start] }).replace('METHOD:', 'X-WR-TIMEZONE:Europe/\u0007Madrid\r\nMETHOD:'),
    ],
    [
      'a control in a name',
      organizerMail({ uid: 'p16', lines: [start] }).replace('ORGANIZER:', 'ORGANIZER;CN="A\u0000\u0085\u2028na":'),
    ],
  ])('%s', async (_name, raw) => {
    const outcome = await ends(raw)
    if (outcome.kind !== 'acted') return
    await inviteAttendee(tenant.ctx, { eventId: outcome.eventIds[0] ?? '', address: 'eve@example.org', channel: 'api' })
    await tenant.drain()
    expect(await unfinished()).toBe(0)
  })

  const facts = {
    attendee: 'bob@example.org',
    partstat: 'ACCEPTED',
    sequence: 0,
    dtstamp: '20261123T101500Z',
    start: '20270305T090000Z',
    end: '20270305T100000Z',
  } as const

  it('an answer with a long comment and note', async () => {
    const { eventId, replyAddress } = await invited('r1')
    const raw = replyShapes
      .google({ ...facts, uid: `${eventId}@events.example.net`, replyAddress, comment: faces(1500) })
      .replace('has answered this invitation.', faces(1500))
    expect(await ends(raw, replyAddress)).toMatchObject({ reason: 'answer_recorded' })
  })

  it('an answer to 150 dates at once', async () => {
    const { eventId, replyAddress } = await invited('r2', [start, 'RRULE:FREQ=DAILY;COUNT=300'])
    const one = (day: number) =>
      replyShapes.bare({
        ...facts,
        uid: `${eventId}@events.example.net`,
        replyAddress,
        recurrenceId: `${new Date(Date.UTC(2027, 2, 5 + day)).toISOString().slice(0, 10).replaceAll('-', '')}T090000Z`,
      })
    const vevents = Array.from(
      { length: 150 },
      (_, day) => /BEGIN:VEVENT[\s\S]*END:VEVENT\n/.exec(one(day))?.[0] ?? '',
    ).join('')
    await ends(
      one(0).replace(/BEGIN:VEVENT[\s\S]*END:VEVENT\n/, () => vevents),
      replyAddress,
    )
  })

  it('an answer with a UID longer than a key', async () => {
    const { replyAddress } = await invited('r3')
    const raw = replyShapes.bare({ ...facts, uid: `${'漢'.repeat(900)}@events.example.net`, replyAddress })
    expect(await ends(raw, replyAddress)).toMatchObject({ kind: 'ignored' })
  })
})
