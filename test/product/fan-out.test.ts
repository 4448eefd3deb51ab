import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import type { Table } from '#shared/platform/table.ts'
import { findFanOut } from '#tenant-stack/core/fan-out/fan-out.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { fanOut } from '#tenant-stack/pipelines/fan-out/fan-out.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

const opened: TestTenant[] = []
afterEach(async () => {
  for (const tenant of opened.splice(0)) await tenant.close()
})

function mail(method: 'REQUEST' | 'CANCEL', sequence: number, start: string, more = ''): string {
  return `From: Ana <ana@example.com>
To: create@events.example.net
Message-ID: <${method}-${sequence}@example.com>
MIME-Version: 1.0
Content-Type: text/calendar; charset=utf-8; method=${method}

BEGIN:VCALENDAR
VERSION:2.0
METHOD:${method}
BEGIN:VEVENT
UID:fan@example.com
SEQUENCE:${sequence}
DTSTAMP:20261123T1${sequence}0000Z
DTSTART:${start}
SUMMARY:Fan
ORGANIZER:mailto:ana@example.com
${more}END:VEVENT
END:VCALENDAR
`
}

async function open(attendees: number, more = '') {
  const tenant = await createTestTenant({ reader, audience: 'everyone' })
  opened.push(tenant)
  const { eventIds } = await tenant.receive(mail('REQUEST', 0, '20270305T100000Z', more))
  const eventId = eventIds[0] ?? ''
  for (let one = 0; one < attendees; one += 1)
    await inviteAttendee(tenant.ctx, { eventId, address: `guest${one}@example.org`, channel: 'api' })
  await tenant.drain()
  const before = (await tenant.sent()).length
  /** How often each address got a mail of each SEQUENCE since. */
  const since = async () => {
    const counts = new Map<string, number>()
    for (const { to, raw } of (await tenant.sent()).slice(before)) {
      // What sums it up for the organizer is another test's.
      if (to === 'ana@example.com') continue
      const calendar =
        /Content-Type: text\/calendar[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(raw.toString('latin1'))?.[1] ?? ''
      const sequence = /\r\nSEQUENCE:(\d+)/.exec(Buffer.from(calendar, 'base64').toString())?.[1]
      const key = `${to} ${sequence}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    return counts
  }
  return { tenant, eventId, since }
}

/** Takes a mail as far as its decision, and leaves the fan-out to the test. */
async function decideOnly(tenant: TestTenant, raw: string): Promise<void> {
  const { mailId } = await acceptMail(tenant.ctx, {
    raw: Buffer.from(raw.replaceAll('\n', '\r\n')),
    envelopeFrom: 'ana@example.com',
    recipients: [tenant.create],
    origin: { remoteAddress: '203.0.113.7', helo: 'x' },
  })
  for (const message of await tenant.platform.queues.receive('inlet', { max: 10 }))
    await pipelineHandlers.inlet(tenant.ctx, message.body)
  await pipelineHandlers.disassemble(tenant.ctx, JSON.stringify({ mailId, recipient: tenant.create }))
}

describe('the fan-out of a change', () => {
  it('reaches each of 230 attendees exactly once, in chunks', async () => {
    const one = await open(230)
    await one.tenant.receive(mail('REQUEST', 1, '20270305T150000Z'))
    const counts = await one.since()
    expect(counts.size).toBe(230)
    expect([...counts.values()].every((count) => count === 1)).toBe(true)
    expect([...counts.keys()].every((key) => key.endsWith(' 1'))).toBe(true)
  })

  it('of more pages than one run has time for goes on by its own topic', async () => {
    const one = await open(230)
    await decideOnly(one.tenant, mail('REQUEST', 1, '20270305T150000Z'))
    const { queues } = one.tenant.platform
    for (const message of await queues.receive('update', { max: 10 }))
      await queues.delete('update', message.receiptHandle)
    const notice = { eventId: one.eventId, sequence: 1 }
    expect(await fanOut(one.tenant.ctx, notice, 'event-updated', 1)).toBe('continued')
    await one.tenant.drain()
    const counts = await one.since()
    expect(counts.size).toBe(230)
    expect([...counts.values()].every((count) => count === 1)).toBe(true)
  })

  it('that a newer change overtakes while it plans its last page sums up nothing', async () => {
    const one = await open(3)
    await decideOnly(one.tenant, mail('REQUEST', 1, '20270305T150000Z'))
    const { table } = one.tenant.ctx
    let isOvertaken = false
    const late: Table = {
      ...table,
      async transact(operations) {
        if (!isOvertaken) {
          isOvertaken = true
          await decideOnly(one.tenant, mail('REQUEST', 2, '20270305T160000Z'))
        }
        return table.transact(operations)
      },
    }
    const notice = { eventId: one.eventId, sequence: 1 }
    expect(await fanOut({ ...one.tenant.ctx, table: late }, notice, 'event-updated')).toBe('superseded')
    await one.tenant.drain()
    const summaries = (await one.tenant.sent()).filter(
      ({ to, raw }) => to === 'ana@example.com' && raw.includes('Revision'),
    )
    expect(summaries).toHaveLength(1)
    expect(summaries[0]?.raw.toString()).toMatch(/Revision\W+2\b/)
  })

  it('run by a slow twin counts nobody again, and is not begun anew', async () => {
    const one = await open(230)
    await decideOnly(one.tenant, mail('REQUEST', 1, '20270305T150000Z'))
    const { table } = one.tenant.ctx
    const notice = { eventId: one.eventId, sequence: 1 }
    let isSlow = true
    const slow: Table = {
      ...table,
      async write(operation) {
        // The other runs to its end while this one still has its first page to save.
        if (isSlow && operation.kind === 'update' && operation.key.sk.startsWith('fan#')) {
          isSlow = false
          expect(await fanOut(one.tenant.ctx, notice, 'event-updated')).toBe('done')
        }
        return table.write(operation)
      },
    }
    expect(await fanOut({ ...one.tenant.ctx, table: slow }, notice, 'event-updated')).toBe('done')
    expect(await findFanOut(one.tenant.ctx, notice)).toMatchObject({ state: 'done', page: 3, told: 230, seen: 230 })
    await one.tenant.drain()
    expect((await one.since()).size).toBe(230)
  })

  it('goes on where it was killed, whichever write it was killed at, and doubles nothing', async () => {
    for (const killedAt of [0, 1, 2, 3]) {
      const one = await open(120)
      await decideOnly(one.tenant, mail('REQUEST', 1, '20270305T150000Z'))
      const dying = { ...one.tenant.ctx, table: dyingTable(one.tenant.ctx.table, killedAt) }
      const notice = { eventId: one.eventId, sequence: 1 }
      await expect(fanOut(dying, notice, 'event-updated')).rejects.toThrow('killed')
      // Somebody new comes in between: the second run must not shift what the first has planned.
      await inviteAttendee(one.tenant.ctx, { eventId: one.eventId, address: 'aaa@example.org', channel: 'api' })
      expect(await fanOut(one.tenant.ctx, notice, 'event-updated')).toBe('done')
      await one.tenant.drain()
      const counts = await one.since()
      const guests = [...counts].filter(([key]) => key.startsWith('guest'))
      expect(guests.length).toBe(120)
      expect([...counts].filter(([, count]) => count !== 1)).toEqual([])
    }
  })

  it('stops when a newer change overtakes it', async () => {
    const one = await open(150)
    await decideOnly(one.tenant, mail('REQUEST', 1, '20270305T150000Z'))
    await decideOnly(one.tenant, mail('REQUEST', 2, '20270305T160000Z'))
    await one.tenant.drain()
    const counts = await one.since()
    expect([...counts.keys()].filter((key) => key.endsWith(' 1'))).toEqual([])
    expect([...counts.keys()].filter((key) => key.endsWith(' 2'))).toHaveLength(150)
  })

  it('of a cancel overtakes a change, and nothing is sent after it', async () => {
    const one = await open(30)
    await decideOnly(one.tenant, mail('REQUEST', 1, '20270305T150000Z'))
    await decideOnly(one.tenant, mail('CANCEL', 2, '20270305T150000Z'))
    await one.tenant.drain()
    const counts = await one.since()
    expect([...counts.keys()].every((key) => key.endsWith(' 2'))).toBe(true)
    expect(counts.size).toBe(30)
  })

  it('of one called-off instance is not lost when a second follows at once', async () => {
    const one = await open(5, 'RRULE:FREQ=DAILY;COUNT=5\n')
    await decideOnly(one.tenant, mail('CANCEL', 1, '20270306T100000Z', 'RECURRENCE-ID:20270306T100000Z\n'))
    await decideOnly(one.tenant, mail('CANCEL', 2, '20270308T100000Z', 'RECURRENCE-ID:20270308T100000Z\n'))
    await one.tenant.drain()
    const counts = await one.since()
    expect([...counts.keys()].filter((key) => key.endsWith(' 1'))).toHaveLength(5)
    expect([...counts.keys()].filter((key) => key.endsWith(' 2'))).toHaveLength(5)
  })
})

/** Dies after so many writes have gone through. */
function dyingTable(table: Table, writesLeft: number): Table {
  let left = writesLeft
  const dying = async (write: () => Promise<void>) => {
    if (left <= 0) throw new Error('killed')
    left -= 1
    await write()
  }
  return {
    ...table,
    write: (operation) => dying(() => table.write(operation)),
    transact: (operations) => dying(() => table.transact(operations)),
  }
}
