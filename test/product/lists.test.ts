import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MailerFailure } from '#shared/platform/mailer.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { getList, listsOfEvent, refusedRows } from '#tenant-stack/core/recipient-list/list-store.ts'
import {
  cancelList,
  confirmList,
  pauseList,
  resumeList,
  uploadList,
} from '#tenant-stack/core/recipient-list/move-list.ts'
import { listChunkId } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { workOnList } from '#tenant-stack/pipelines/list/work-on-list.ts'
import { sendChunk } from '#tenant-stack/pipelines/send/send-chunk.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'
let tenant: TestTenant
let eventId: string
beforeEach(async () => {
  tenant = await createTestTenant()
  eventId = (await tenant.receive(organizerMail({ uid: 'talk@example.com' }), { from: ana })).eventIds[0] ?? ''
})
afterEach(() => tenant.close())

const text = (lines: readonly string[]) => new TextEncoder().encode(lines.join('\n'))
const people = (count: number, stem = 'p') => Array.from({ length: count }, (_, at) => `${stem}${at}@example.org`)

async function uploaded(lines: readonly string[], of = eventId) {
  return (await uploadList(tenant.ctx, { eventId: of, bytes: text(lines), fileName: 'people.csv' })).listId
}

async function ready(lines: readonly string[]): Promise<string> {
  const listId = await uploaded(lines)
  await tenant.drain()
  return listId
}

/** Mails to each address of the event, beside the organizer's own. */
async function sent(): Promise<readonly string[]> {
  return (await tenant.sent()).map(({ to }) => to).filter((to) => to !== ana)
}

describe('a list that is checked', () => {
  it('says whom it would reach and why not the others, and sends nothing', async () => {
    await inviteAttendee(tenant.ctx, { eventId, address: 'known@example.org', channel: 'api' })
    await suppress(tenant.ctx, { address: 'gone@example.org', reason: 'hard_bounce', source: 'feedback' })
    await tenant.drain()
    const listId = await ready([
      'email,name',
      'a@example.org,Ana',
      'A@example.org,Ana again',
      'known@example.org,Known',
      'gone@example.org,Gone',
      'x@events.example.net,Ourselves',
      'nobody,Nobody',
      'b@example.org,Bo',
    ])
    const list = await getList(tenant.ctx, listId)
    expect(list).toMatchObject({ state: 'ready', rows: 7, valid: 2, planned: 0 })
    expect(list.refused).toEqual({ duplicate: 1, already_invited: 1, suppressed: 1, own_domain: 1, invalid_address: 1 })
    const first = await refusedRows(tenant.ctx, { listId, limit: 2 })
    const rest = await refusedRows(tenant.ctx, {
      listId,
      limit: 9,
      ...(first.next === undefined ? {} : { after: first.next }),
    })
    expect([...first.rows, ...rest.rows].map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '3 duplicate',
      '4 already_invited',
      '5 suppressed',
      '6 own_domain',
      '7 invalid_address',
    ])
    expect(await sent()).toEqual(['known@example.org'])
  })

  it('is refused when it names nobody, or its event is not there', async () => {
    await expect(uploaded(['', ' '])).rejects.toMatchObject({ code: 'list.empty' })
    await expect(uploaded(['a@example.org'], 'evt_nothing')).rejects.toMatchObject({ code: 'event.not_found' })
  })
})

describe('a list that is confirmed', () => {
  it('is sent to each person once, by name, and says so', async () => {
    const listId = await ready(['email;name', ...people(205).map((address) => `${address};Person of ${address}`)])
    await confirmList(tenant.ctx, listId)
    await confirmList(tenant.ctx, listId)
    await tenant.drain()
    const to = await sent()
    expect([to.length, new Set(to).size]).toEqual([205, 205])
    expect(await getList(tenant.ctx, listId)).toMatchObject({ state: 'done', planned: 205, chunks: 3, refused: {} })
    const statistics = await readStatistics(tenant.ctx, eventId)
    expect(statistics).toMatchObject({ attendees: 205, mail: { sent: 205 }, channels: { list: 205 } })
    expect((await tenant.sent()).some(({ raw }) => Buffer.from(raw).includes('Person of p7@example.org'))).toBe(true)
    expect((await listsOfEvent(tenant.ctx, { eventId, limit: 5 })).lists.map((one) => one.listId)).toEqual([listId])
  })

  it('is sent once in whatever way its workers die, run twice or run beside each other', async () => {
    const listId = await ready(people(300))
    await confirmList(tenant.ctx, listId)
    let writes = 0
    const dying: Ctx = {
      ...tenant.ctx,
      table: {
        ...tenant.ctx.table,
        async transact(operations) {
          writes += 1
          if (writes % 3 === 1) throw new Error('killed before')
          await tenant.ctx.table.transact(operations)
          if (writes % 3 === 2) throw new Error('killed after')
        },
      },
    }
    for (let run = 0; run < 12; run += 1)
      await Promise.allSettled([
        workOnList(dying, { listId }, 2),
        workOnList(tenant.ctx, { listId }, 1),
        workOnList(dying, { listId }, 3),
      ])
    await tenant.drain()
    tenant.platform.clock.advance(120)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
    const to = await sent()
    expect([to.length, new Set(to).size]).toEqual([300, 300])
    expect((await readStatistics(tenant.ctx, eventId)).attendees).toBe(300)
  })

  it('rests while it is paused, chunks that were planned before as well, and goes on', async () => {
    const listId = await ready(people(250))
    await confirmList(tenant.ctx, listId)
    await workOnList(tenant.ctx, { listId }, 1)
    await pauseList(tenant.ctx, listId)
    await tenant.drain()
    expect([(await sent()).length, (await getList(tenant.ctx, listId)).state]).toEqual([0, 'paused'])
    await resumeList(tenant.ctx, listId)
    await tenant.drain()
    expect([new Set(await sent()).size, (await getList(tenant.ctx, listId)).state]).toEqual([250, 'done'])
  })

  it('stops when it is cancelled; who got nothing can be invited by another list', async () => {
    const listId = await ready(people(250))
    await confirmList(tenant.ctx, listId)
    await workOnList(tenant.ctx, { listId }, 2)
    await cancelList(tenant.ctx, listId)
    await tenant.drain()
    expect(await sent()).toEqual([])
    await expect(resumeList(tenant.ctx, listId)).rejects.toMatchObject({ code: 'list.wrong_state' })
    const again = await ready(people(250))
    expect(await getList(tenant.ctx, again)).toMatchObject({ valid: 250, refused: {} })
    await confirmList(tenant.ctx, again)
    await tenant.drain()
    const to = await sent()
    expect([to.length, new Set(to).size]).toEqual([250, 250])
    expect((await readStatistics(tenant.ctx, eventId)).attendees).toBe(250)
  })
})

it('a mailer that takes nothing for now is not asked for every mail of a chunk; later each is sent once', async () => {
  let asked = 0
  let isOpen = false
  const throttling: Ctx = {
    ...tenant.ctx,
    mailer: {
      ...tenant.ctx.mailer,
      async send(mail) {
        asked += 1
        if (!isOpen) throw MailerFailure.throttled('Maximum sending rate exceeded.')
        return tenant.ctx.mailer.send(mail)
      },
    },
  }
  const listId = await ready(people(90))
  await confirmList(tenant.ctx, listId)
  await workOnList(tenant.ctx, { listId })
  const chunkId = listChunkId(listId, 0)
  expect([await sendChunk(throttling, { chunkId }), asked]).toEqual(['later', 3])
  isOpen = true
  tenant.platform.clock.advance(3600)
  expect(await sendChunk(throttling, { chunkId })).toBe('sent')
  await tenant.drain()
  const to = await sent()
  expect([to.length, new Set(to).size, (await getList(tenant.ctx, listId)).state]).toEqual([90, 90, 'done'])
})

it('of an event that is called off while it is sent, a list ends', async () => {
  const listId = await ready(people(250))
  await confirmList(tenant.ctx, listId)
  await workOnList(tenant.ctx, { listId })
  await tenant.receive(organizerMail({ uid: 'talk@example.com', method: 'CANCEL' }), { from: ana })
  await tenant.drain()
  expect([(await getList(tenant.ctx, listId)).state, await sent()]).toEqual(['cancelled', []])
})

describe('limits', () => {
  async function limited(limits: { readonly invitesPerEvent?: number; readonly sendsPerDay?: number }) {
    await tenant.close()
    tenant = await createTestTenant({ limits })
    eventId = (await tenant.receive(organizerMail({ uid: 'limit@example.com' }), { from: ana })).eventIds[0] ?? ''
  }

  it('of an event leave the last lines out, with that reason', async () => {
    await limited({ invitesPerEvent: 120 })
    const listId = await ready(people(200))
    await confirmList(tenant.ctx, listId)
    await tenant.drain()
    expect(await getList(tenant.ctx, listId)).toMatchObject({
      state: 'done',
      planned: 120,
      refused: { over_limit: 80 },
    })
    expect((await sent()).length).toBe(120)
  })

  it('of a day let the list go on the next day by itself', async () => {
    await limited({ sendsPerDay: 100 })
    const listId = await ready(people(150))
    await confirmList(tenant.ctx, listId)
    await tenant.drain()
    expect((await sent()).length).toBe(100)
    expect(await getList(tenant.ctx, listId)).toMatchObject({ state: 'sending', planned: 100, refused: {} })
    tenant.platform.clock.advance(86_400)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
    expect([(await sent()).length, (await getList(tenant.ctx, listId)).state]).toEqual([150, 'done'])
  })
})
