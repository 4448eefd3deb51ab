import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { findEvent, getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { listDeliveries } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { seededQueueFaults } from '#test/harness/platform/queue-faults.ts'
import { createSeededRandom } from '#test/harness/platform/seeded-random.ts'
import { calendarAfter } from '#test/harness/tenant/attendee-calendar.ts'
import { mailsOf } from '#test/harness/tenant/life-of-an-event.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'
import { queueDefinitions } from '#test/harness/tenant/test-tenant.ts'
import { atEffect, createWorker, deadLetters, pump, settle } from '#test/harness/tenant/worker.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

const SEEDS = 60
const ana = 'ana.diaz@example.com'
const guests = ['bob@example.org', 'carl@example.org', 'dora@example.org']
const daily = 'RRULE:FREQ=DAILY;COUNT=9'

function mail(method: 'REQUEST' | 'CANCEL', sequence: number, start: string, ...lines: string[]): string {
  return organizerMail({ uid: 'storm', method, lines: [`SEQUENCE:${sequence}`, `DTSTART:${start}`, ...lines] })
    .replace('DTSTAMP:20261123T090000Z', `DTSTAMP:20261123T1${sequence}0000Z`)
    .replace('Message-ID: <storm>', `Message-ID: <${sequence}.storm>`)
}

const off = (sequence: number, start: string) => mail('CANCEL', sequence, start, `RECURRENCE-ID:${start}`)

/** What the organizer does in one minute; it may reach us in any order. */
const changes = [
  mail('REQUEST', 1, '20270305T100000Z', daily),
  off(2, '20270306T100000Z'),
  mail('REQUEST', 3, '20270305T100000Z', daily, 'EXDATE:20270306T100000Z', 'LOCATION:Room 5'),
  off(4, '20270308T100000Z'),
  off(5, '20270309T100000Z'),
]

async function accept(ctx: Ctx, raw: string): Promise<void> {
  await acceptMail(ctx, {
    raw: Buffer.from(raw),
    envelopeFrom: ana,
    recipients: ['create@events.example.net'],
    origin: { remoteAddress: '203.0.113.7', helo: 'x' },
  })
}

function basic(instant: string): string {
  return instant.replaceAll(/[-:]/g, '')
}

/** One storm; gives what everybody knows in the end, and what went out too often. */
async function storm(seed: number) {
  const random = createSeededRandom(seed)
  const platform = await createMemoryPlatform({
    queueDefinitions: queueDefinitions(),
    queueFaults: seededQueueFaults(seed, 0.2),
  })
  const everyone = { audience: 'everyone' } as const
  const steady = await createWorker(platform, reader, { workerId: 'steady', ...everyone })
  await accept(steady.ctx, mail('REQUEST', 0, '20270305T090000Z', daily))
  await settle(platform, steady)
  const { items } = await steady.ctx.table.query({ pk: 'events#2026-11', limit: 1 })
  const eventId = typeof items[0]?.eventId === 'string' ? items[0].eventId : ''
  const workers = await Promise.all(
    ['one', 'two'].map((workerId, index) =>
      createWorker(platform, reader, {
        workerId,
        seed: seed * 10 + index,
        plan: atEffect(1 + random.below(60), random.below(2) === 0 ? 'crash_before' : 'crash_after'),
        ...everyone,
      }),
    ),
  )
  for (const address of guests) await inviteAttendee(steady.ctx, { eventId, address, channel: 'api' })
  for (const raw of random.shuffle(changes)) await accept(steady.ctx, raw)
  await Promise.all(workers.map((worker) => pump(worker).catch(() => undefined)))
  await settle(platform, steady)

  const event = await findEvent(steady.ctx, eventId)
  const { stored } = await getContent(steady.ctx, event?.seriesBlobKey ?? '')
  const master = stored.series.master
  const called = [...(master?.recurrence?.exdates ?? []), ...stored.series.cancelled.map((one) => one.recurrenceId)]
  const truth = {
    isCancelled: false,
    start: master?.dtstart.kind === 'utc' ? basic(master.dtstart.instant) : '',
    off: [...new Set(called.map((time) => (time.kind === 'utc' ? basic(time.instant) : '')))].toSorted(),
  }
  const mails = await mailsOf(platform)
  const calendars = guests.map((guest) => mails.filter(({ to }) => to === guest).map(({ calendar }) => calendar))
  const { mail: counted } = await readStatistics(steady.ctx, eventId)
  const { deliveries } = await listDeliveries(steady.ctx, { day: '2026-11-24', limit: 100 })
  const result = {
    known: calendars.map(calendarAfter),
    truth,
    doubled: calendars.reduce((sum, texts) => sum + texts.length - new Set(texts).size, 0),
    sent: calendars.flat().length,
    uncounted: counted.sent - calendars.flat().length,
    undecided: deliveries.filter(({ outcome }) => outcome === undefined).length,
    dead: await deadLetters(steady),
  }
  await platform.close()
  return result
}

it('leaves every calendar with the truth, whatever order mails, notices and deaths come in', async () => {
  let [doubled, sent] = [0, 0]
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { known, truth, ...told } = await storm(seed)
    const { uncounted, undecided, dead } = told
    const wanted = { seed, known: guests.map(() => truth), uncounted: 0, undecided: 0, dead: 0 }
    expect({ seed, known, uncounted, undecided, dead }).toEqual(wanted)
    doubled += told.doubled
    sent += told.sent
  }
  expect(sent).toBeGreaterThan(SEEDS * guests.length * 2)
  expect(doubled).toBe(0)
}, 180_000)
