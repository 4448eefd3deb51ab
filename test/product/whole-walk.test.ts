import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type * as z from 'zod'
import { EventView, pageOf } from '#shared/contracts/api.ts'
import { ListView } from '#shared/contracts/lists-api.ts'
import { StatisticsView } from '#shared/contracts/statistics-api.ts'
import { listMails } from '#test/fixtures/list-mails.ts'
import { type ReplyFacts, type ReplyShape, replyShapes } from '#test/fixtures/reply-mails.ts'
import { createMailsReader, type ReadBack } from '#test/harness/product/all-mails.ts'
import { startProduct, type TestProduct } from '#test/harness/product/start-product.ts'
import { readSample } from '#test/harness/samples.ts'

const PEOPLE = 1000
const LOOKS = 1200
const CREATE = 'create@demo.localhost'
const LISTS = 'lists@demo.localhost'
const person = (at: number) => `person${at}@example.org`

async function until<T>(
  product: TestProduct,
  path: string,
  schema: z.ZodType<T>,
  is: (view: T) => boolean,
): Promise<T> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const view = schema.parse((await product.api(path)).body)
    if (is(view)) return view
    await pause(100)
  }
  throw new Error(`${path} does not come to be as it should`)
}

/** What the product has sent since the last look, once so many mails are there and no more come. */
async function mailsOf(read: () => Promise<readonly ReadBack[]>, count: number): Promise<readonly ReadBack[]> {
  const mails: ReadBack[] = []
  for (let looks = 0; looks < LOOKS && mails.length < count; looks += 1) {
    mails.push(...(await read()))
    if (mails.length < count) await pause(100)
  }
  await pause(500)
  return [...mails, ...(await read())]
}

function moved(raw: Buffer): string {
  return raw
    .toString()
    .replaceAll('20270317T093000', '20270317T110000')
    .replaceAll('20270317T100000', '20270317T113000')
    .replace('SEQUENCE:0', 'SEQUENCE:1')
    .replace('DTSTAMP:20261123T091204Z', 'DTSTAMP:20261123T093000Z')
    .replace('calendar-5e9b7c31', 'calendar-moved')
}

function cancelOf(uid: string, sequence: number, dtstamp: string, lines: readonly string[]): string {
  return [
    'From: Ana Diaz <ana.diaz@example.com>',
    `To: ${CREATE}`,
    `Message-ID: <cancel-${sequence}-${dtstamp}@example.com>`,
    'Subject: Canceled',
    'MIME-Version: 1.0',
    'Content-Type: text/calendar; charset=UTF-8; method=CANCEL',
    '',
    'BEGIN:VCALENDAR',
    'PRODID:-//Google Inc//Google Calendar 70.9054//EN',
    'VERSION:2.0',
    'METHOD:CANCEL',
    'BEGIN:VEVENT',
    ...lines,
    `DTSTAMP:${dtstamp}`,
    'ORGANIZER;CN=Ana Diaz:mailto:ana.diaz@example.com',
    `UID:${uid}`,
    'ATTENDEE:mailto:create@demo.localhost',
    `SEQUENCE:${sequence}`,
    'STATUS:CANCELLED',
    'SUMMARY:Team breakfast',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}

it('goes from a mail to a list of a thousand, answers of three clients, a new time, one date called off, and all', async () => {
  await using product = await startProduct()
  const read = createMailsReader(product)
  const Events = pageOf(EventView)

  await product.sendMail({ raw: readSample('google-weekly-recurring'), to: CREATE })
  const {
    data: [event],
  } = await until(product, '/events', Events, ({ data }) => data.length === 1)
  if (event === undefined) throw new Error('no event')
  const eventId = event.id
  const uid = `${eventId}@demo.localhost`
  const created = await mailsOf(read, 1)
  expect(created.map(({ to, method }) => [to, method])).toEqual([['ana.diaz@example.com', 'REPLY']])

  // A thousand people; one of them twice, and one line that is nobody.
  const lines = Array.from({ length: PEOPLE }, (_, at) => `${person(at)};Person ${at}`)
  const form = new FormData()
  form.set(
    'file',
    new Blob([['email;name', ...lines, `${person(7).toUpperCase()};Again`, 'nobody at all;X'].join('\r\n')], {
      type: 'text/csv',
    }),
    'people.csv',
  )
  const uploaded = await product.api(`/events/${eventId}/lists`, {
    method: 'POST',
    headers: { 'idempotency-key': 'walk-list' },
    body: form,
  })
  const { id: listId } = ListView.parse(uploaded.body)
  const checked = await until(product, `/lists/${listId}`, ListView, ({ state }) => state === 'ready')
  expect(checked).toMatchObject({ valid: PEOPLE, rows: PEOPLE + 2 })
  expect(await read()).toEqual([])

  await product.api(`/lists/${listId}/confirm`, { method: 'POST', headers: { 'idempotency-key': 'walk-confirm' } })
  const progress: number[] = []
  await until(product, `/lists/${listId}`, ListView, ({ state, sent }) => {
    progress.push(sent)
    return state === 'done'
  })
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(progress.at(-1)).toBe(PEOPLE)
  const mails = await mailsOf(read, PEOPLE + 1)
  const invites = mails.filter(({ to }) => to !== 'ana.diaz@example.com')
  expect(mails.length).toBe(PEOPLE + 1)
  expect(mails.find(({ to }) => to === 'ana.diaz@example.com')).toMatchObject({ vevents: [] })
  expect(invites.map(({ to }) => to).toSorted()).toEqual(
    Array.from({ length: PEOPLE }, (_, at) => person(at)).toSorted(),
  )
  for (const { to, method, vevents } of invites) {
    expect([to, method]).toEqual([to, 'REQUEST'])
    expect(vevents).toMatchObject([
      {
        uid,
        sequence: 0,
        start: '2027-03-17T09:30:00 Europe/Madrid',
        rrule: expect.stringContaining('COUNT=8'),
        attendees: [`mailto:${to}`],
      },
    ])
  }
  expect(new Set(invites.map(({ from }) => from)).size).toBe(PEOPLE)

  // Two more by a list that is mailed: nothing before the button is pressed.
  const listMail = listMails.gmail({ subject: eventId, list: 'late1@example.org\nlate2@example.org\n' })
  await product.sendMail({ raw: listMail.replaceAll('lists@events.example.net', LISTS), to: LISTS })
  const { raw } = await product.waitForOutbox(({ subject }) => subject.startsWith('Please confirm your list'))
  const confirmPath = /\/list\/[0-9a-z]{26}/.exec(raw)?.[0] ?? '/none'
  expect(await (await product.page(confirmPath)).text()).toContain('Invite 2 people?')
  expect(await mailsOf(read, 1)).toHaveLength(1)
  const pressed = await product.page(confirmPath, { method: 'POST', body: new URLSearchParams({ act: 'confirm' }) })
  expect([pressed.status, await pressed.text()]).toEqual([200, expect.stringContaining('Confirmed')])
  expect((await mailsOf(read, 3)).map(({ to }) => to).toSorted()).toEqual([
    'ana.diaz@example.com',
    'late1@example.org',
    'late2@example.org',
  ])
  const ALL = PEOPLE + 2

  // Three people answer, each from another client.
  const answers: readonly (readonly [number, ReplyShape, ReplyFacts['partstat']])[] = [
    [1, 'google', 'ACCEPTED'],
    [2, 'outlook', 'TENTATIVE'],
    [3, 'apple', 'DECLINED'],
  ]
  for (const [at, shape, partstat] of answers) {
    const attendee = person(at)
    const replyAddress = invites.find(({ to }) => to === attendee)?.from ?? ''
    const facts = { uid, replyAddress, attendee, partstat, sequence: 0, dtstamp: '20261123T120000Z' }
    const raw = replyShapes[shape]({ ...facts, start: '20270317T083000Z', end: '20270317T090000Z' })
    await product.sendMail({ raw: raw.replaceAll(/\r?\n/g, '\r\n'), to: replyAddress, from: attendee })
  }
  const statistics = (is: (view: z.infer<typeof StatisticsView>) => boolean) =>
    until(product, `/events/${eventId}/statistics`, StatisticsView, is)
  const answered = await statistics(({ answers: { none } }) => none === ALL - 3)
  expect(answered).toMatchObject({ attendees: ALL, answers: { accepted: 1, tentative: 1, declined: 1 } })

  /** What a change sends: to those who have answered, and to her what sums it up. */
  const told = async () => {
    const mails = await mailsOf(read, 4)
    const hers = 'ana.diaz@example.com'
    expect(mails.map(({ to }) => to).toSorted()).toEqual([hers, ...[1, 2, 3].map(person)])
    return mails.filter(({ to }) => to !== hers)
  }
  // A new time: only who had answered hears of it, and is asked anew.
  await product.sendMail({ raw: moved(readSample('google-weekly-recurring')), to: CREATE })
  const updates = await told()
  for (const { method, vevents } of updates) {
    expect(method).toBe('REQUEST')
    expect(vevents).toMatchObject([{ uid, sequence: 1, start: '2027-03-17T11:00:00 Europe/Madrid' }])
  }
  await statistics(({ answers: { none } }) => none === ALL)

  // Two of them answer the new time; all three have answered once, and hear of the date that is called off, and of the end.
  for (const [at, shape, partstat] of answers.slice(0, 2)) {
    const attendee = person(at)
    const replyAddress = invites.find(({ to }) => to === attendee)?.from ?? ''
    const facts = { uid, replyAddress, attendee, partstat, sequence: 1, dtstamp: '20261123T130000Z' }
    const raw = replyShapes[shape]({ ...facts, start: '20270317T100000Z', end: '20270317T103000Z' })
    await product.sendMail({ raw: raw.replaceAll(/\r?\n/g, '\r\n'), to: replyAddress, from: attendee })
  }
  await statistics(({ answers: { none } }) => none === ALL - 2)
  const clientUid = '6h2n8d4w0x7j5b1y9u3g@google.com'
  const date = [
    'DTSTART;TZID=Europe/Madrid:20270331T110000',
    'RECURRENCE-ID;TZID=Europe/Madrid:20270331T110000',
  ] as const
  await product.sendMail({ raw: cancelOf(clientUid, 1, '20261123T140000Z', date), to: CREATE })
  const calledOff = await told()
  for (const { method, vevents } of calledOff) {
    expect(method).toBe('CANCEL')
    expect(vevents).toMatchObject([{ uid, recurrenceId: expect.stringContaining('2027-03-31T'), status: 'CANCELLED' }])
  }
  const still = EventView.parse((await product.api(`/events/${eventId}`)).body)
  expect(still.status).toBe('confirmed')

  const all = ['DTSTART;TZID=Europe/Madrid:20270317T110000']
  await product.sendMail({ raw: cancelOf(clientUid, 2, '20261123T150000Z', all), to: CREATE })
  const cancels = await told()
  for (const { method, vevents } of cancels) {
    expect(method).toBe('CANCEL')
    expect(vevents).toMatchObject([{ uid, status: 'CANCELLED' }])
    expect(vevents[0]?.recurrenceId).toBeUndefined()
    expect(vevents[0]?.sequence ?? 0).toBeGreaterThan(1)
  }
  await until(product, `/events/${eventId}`, EventView, ({ status }) => status === 'cancelled')
}, 600_000)
