import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import { TableFailure } from '#shared/platform/table.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { interrupted, writes } from '#test/harness/tenant/interrupt.ts'
import { mailsOf } from '#test/harness/tenant/life-of-an-event.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

let tenant: TestTenant
/** How often the reader answers nothing before it answers again. */
let failures: number
let held: string[] | undefined
/** Whether the notice of a change gets lost. */
let isDeaf = false
beforeEach(async () => {
  failures = 0
  held = undefined
  tenant = await createTestTenant({ reader: tired(reader), audience: 'everyone', adjust: holding })
})
afterEach(async () => tenant.close())

/** Notices of mails to send are kept while `held` is there. */
function holding(ctx: Ctx): Ctx {
  const publish: Ctx['topics']['publish'] = async (topicName, body) => {
    const isHeld = topicName === 'chunk-planned' || topicName === 'invitation-requested'
    if (isHeld && held !== undefined) held.push(body)
    else if (isDeaf && topicName === 'event-updated') return
    else await ctx.topics.publish(topicName, body)
  }
  return { ...ctx, topics: { publish } }
}

/** A reader on a machine too busy to answer in time now and then. */
function tired(rested: MailReader): MailReader {
  const isTired = () => {
    failures -= 1
    return failures >= 0
  }
  return {
    ...rested,
    occurs: async (question) => (isTired() ? { kind: 'over_budget', limit: 'time' } : rested.occurs(question)),
    sendable: async (series) => (isTired() ? { kind: 'over_budget', limit: 'time' } : rested.sendable(series)),
  }
}

const ana = 'ana.diaz@example.com'
const bob = 'bob@example.org'
const daily = 'RRULE:FREQ=DAILY;COUNT=9'

function mail(method: 'REQUEST' | 'CANCEL', sequence: number, start: string, ...lines: string[]): string {
  const stamp = `20261123T1${sequence}0000Z`
  return organizerMail({ uid: 'order', method, lines: [`SEQUENCE:${sequence}`, `DTSTART:${start}`, ...lines] })
    .replace('DTSTAMP:20261123T090000Z', `DTSTAMP:${stamp}`)
    .replace('Message-ID: <order>', `Message-ID: <${sequence}.order>`)
}

const off = (sequence: number, start: string) => mail('CANCEL', sequence, start, `RECURRENCE-ID:${start}`)
const take = (raw: string) => tenant.receive(raw, { from: ana })

async function created(...lines: string[]): Promise<string> {
  return (await take(mail('REQUEST', 0, '20270305T090000Z', ...lines))).eventIds[0] ?? ''
}

async function invited(...lines: string[]): Promise<string> {
  const eventId = await created(...lines)
  await inviteAttendee(tenant.ctx, { eventId, address: bob, channel: 'api' })
  await tenant.drain()
  return eventId
}

/** Sends the chunks whose notices were held back, in this order. */
async function send(chunks: readonly string[]): Promise<void> {
  for (const body of chunks) await pipelineHandlers['send-chunk'](tenant.ctx, body)
}

/** What `act` plans to send, held back. */
async function heldBack(act: () => Promise<unknown>): Promise<readonly string[]> {
  held = []
  await act()
  const chunks = held
  held = undefined
  return chunks
}

/** METHOD and SEQUENCE of each mail to Bob, oldest first; the text of the newest calendar. */
async function bobs() {
  const calendars = (await mailsOf(tenant.platform)).filter(({ to }) => to === bob).map(({ calendar }) => calendar)
  const lines = calendars.map((text) => `${/METHOD:(\w+)/.exec(text)?.[1]} ${/^SEQUENCE:(\d+)/m.exec(text)?.[1]}`)
  return { lines, newest: calendars.at(-1) ?? '' }
}

async function later(seconds: number): Promise<void> {
  tenant.platform.clock.advance(seconds)
  await sweepHandlers.unfinished(tenant.ctx)
  await tenant.drain()
}

const nine = '20270305T090000Z'
const ten = '20270305T100000Z'

describe('mails that leave in another order than they were planned', () => {
  it('call off both dates', async () => {
    await invited(daily)
    const chunks = await heldBack(async () => {
      await take(off(1, '20270306T090000Z'))
      await take(off(2, '20270308T090000Z'))
    })
    await send(chunks.toReversed())
    expect((await bobs()).lines).toEqual(['REQUEST 0', 'CANCEL 2', 'CANCEL 1'])
  })

  it('bring the new time, without the date called off since', async () => {
    await invited(daily)
    const chunks = await heldBack(async () => {
      await take(mail('REQUEST', 1, ten, daily))
      await take(off(2, '20270308T100000Z'))
    })
    await send(chunks.toReversed())
    const { lines, newest } = await bobs()
    expect(lines).toEqual(['REQUEST 0', 'CANCEL 2', 'REQUEST 2'])
    expect(newest).toMatch(/^DTSTART:20270305T100000Z$/m)
    expect(newest).toMatch(/^EXDATE:20270308T100000Z$/m)
  })

  it('say nothing twice to who has the newer state already', async () => {
    await invited()
    const chunks = await heldBack(async () => {
      await take(mail('REQUEST', 1, ten))
      await take(mail('REQUEST', 2, nine))
    })
    await send([...chunks.toReversed(), ...chunks])
    expect((await bobs()).lines).toEqual(['REQUEST 0', 'REQUEST 2'])
  })
})

describe('a worker that dies after the invite has left', () => {
  /** Sends the invite, and dies before it is recorded. */
  async function diedAfterInvite(): Promise<string> {
    const eventId = await created(daily)
    const chunks = await heldBack(() => inviteAttendee(tenant.ctx, { eventId, address: bob, channel: 'api' }))
    const dying = interrupted(tenant.ctx)
    dying.atWrite(writes('ledger#', 'entries#'), () => Promise.reject(new Error('killed')))
    await expect(pipelineHandlers['send-one'](dying.ctx, chunks[0] ?? '')).rejects.toThrow('killed')
    return eventId
  }

  it('leaves its attendee with the new time when the event has moved since', async () => {
    await diedAfterInvite()
    await heldBack(() => take(mail('REQUEST', 1, ten, daily)))
    for (let round = 0; round < 4; round += 1) await later(100)
    expect((await bobs()).lines).toEqual(['REQUEST 0', 'REQUEST 1'])
  })

  it('leaves him with the cancel when the event was cancelled since', async () => {
    const eventId = await diedAfterInvite()
    await heldBack(() => take(mail('CANCEL', 1, nine, daily)))
    for (let round = 0; round < 4; round += 1) await later(100)
    expect((await bobs()).lines).toEqual(['REQUEST 0', 'CANCEL 1'])
    expect((await readStatistics(tenant.ctx, eventId)).mail).toMatchObject({ sent: 2 })
  })

  it('leaves him without a date that was called off since', async () => {
    await diedAfterInvite()
    await take(off(1, '20270306T090000Z'))
    for (let round = 0; round < 4; round += 1) await later(100)
    const { lines, newest } = await bobs()
    expect(lines).toEqual(['REQUEST 0', 'REQUEST 1'])
    expect(newest).toMatch(/^EXDATE:20270306T090000Z$/m)
  })
})

describe('an invite that leaves while the event changes', () => {
  it('is followed by the event without the date called off meanwhile', async () => {
    const eventId = await created(daily)
    const chunks = await heldBack(() => inviteAttendee(tenant.ctx, { eventId, address: bob, channel: 'api' }))
    const slow = interrupted(tenant.ctx)
    slow.atWrite(writes('ledger#', 'entries#'), async () => void (await take(off(1, '20270306T090000Z'))))
    await pipelineHandlers['send-one'](slow.ctx, chunks[0] ?? '')
    for (let round = 0; round < 4; round += 1) await later(100)
    expect((await bobs()).newest).toMatch(/^EXDATE:20270306T090000Z$/m)
  })

  it('is recorded although another holds the counters just then', async () => {
    const eventId = await created()
    const chunks = await heldBack(() => inviteAttendee(tenant.ctx, { eventId, address: bob, channel: 'api' }))
    const busy = interrupted(tenant.ctx)
    busy.atWrite(writes('ledger#', 'entries#'), () => Promise.reject(TableFailure.conflict('held')))
    await pipelineHandlers['send-one'](busy.ctx, chunks[0] ?? '')
    expect((await readStatistics(tenant.ctx, eventId)).mail).toMatchObject({ sent: 1 })
  })
})

describe('a change', () => {
  it('is taken although the reader fails once', async () => {
    await invited(daily)
    failures = 1
    expect(await take(off(1, '20270306T090000Z'))).toMatchObject({ reason: 'instances_cancelled' })
    failures = 1
    expect(await take(mail('REQUEST', 2, ten, daily))).toMatchObject({ reason: 'updated' })
  })

  it('is told although its notice was given up on', async () => {
    await invited()
    isDeaf = true
    await take(mail('REQUEST', 1, ten))
    isDeaf = false
    expect((await bobs()).lines).toEqual(['REQUEST 0'])
    await later(120)
    expect((await bobs()).lines).toEqual(['REQUEST 0', 'REQUEST 1'])
  })

  it('asked for again carries the answer that was given to it', async () => {
    const eventId = await invited()
    await take(mail('REQUEST', 1, ten))
    const replyAddress = /ORGANIZER[^\r\n]*mailto:([^\r\n]+)/.exec((await bobs()).newest)?.[1] ?? ''
    const facts = {
      uid: `${eventId}@events.example.net`,
      replyAddress,
      attendee: bob,
      partstat: 'ACCEPTED',
      sequence: 1,
      dtstamp: '20261123T120000Z',
      start: ten,
      end: ten,
    } as const
    const answer = replyShapes.bare(facts)
    await tenant.receive(answer, { to: replyAddress, from: bob })
    const refresh = answer.replaceAll('REPLY', 'REFRESH').replace('Message-ID: <', 'Message-ID: <again.')
    expect(await tenant.receive(refresh, { to: replyAddress, from: bob })).toMatchObject({
      reason: 'refresh_requested',
    })
    expect((await bobs()).newest).toContain('PARTSTAT=ACCEPTED')
  })
})
