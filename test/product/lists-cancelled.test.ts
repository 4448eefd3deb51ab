import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { getList } from '#tenant-stack/core/recipient-list/list-store.ts'
import { cancelList, confirmList, uploadList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { listChunkId } from '#tenant-stack/core/recipient-list/recipient-list.ts'
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

describe('people of a list that was cancelled while it was sent', () => {
  const ten = people(10)

  /** Cancels the first list and has a second one planned and sent, as far as it goes. */
  async function sendSecond(first: string): Promise<string> {
    await cancelList(tenant.ctx, first)
    const second = await uploaded(ten)
    await workOnList(tenant.ctx, { listId: second })
    await confirmList(tenant.ctx, second)
    await workOnList(tenant.ctx, { listId: second })
    await sendChunk(tenant.ctx, { chunkId: listChunkId(second, 0) })
    return second
  }

  async function planned(): Promise<string> {
    const first = await ready(ten)
    await confirmList(tenant.ctx, first)
    await workOnList(tenant.ctx, { listId: first })
    return first
  }

  function mailer(around: (send: () => ReturnType<Ctx['mailer']['send']>) => ReturnType<Ctx['mailer']['send']>): Ctx {
    const { mailer } = tenant.ctx
    return { ...tenant.ctx, mailer: { ...mailer, send: (mail) => around(() => mailer.send(mail)) } }
  }

  it('are not sent a second invite while the first is being sent', async () => {
    const first = await planned()
    let second = ''
    const slow = mailer(async (send) => {
      if (second === '') second = await sendSecond(first)
      return send()
    })
    expect(await sendChunk(slow, { chunkId: listChunkId(first, 0) })).toBe('sent')
    expect(await getList(tenant.ctx, second)).toMatchObject({ state: 'sending', planned: 0, waitsFor: 'other_list' })
    tenant.platform.clock.advance(61)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
    const to = await sent()
    expect([to.length, new Set(to).size]).toEqual([10, 10])
    expect(await getList(tenant.ctx, second)).toMatchObject({ state: 'done', refused: { already_invited: 10 } })
  })

  it('are sent one when the first died with a mail of which nobody knows', async () => {
    const first = await planned()
    const dying = mailer(async (send) => {
      await send()
      throw new Error('killed')
    })
    await expect(sendChunk(dying, { chunkId: listChunkId(first, 0) })).rejects.toThrow('killed')
    const second = await sendSecond(first)
    await tenant.drain()
    await expect(
      inviteAttendee(tenant.ctx, { eventId, address: 'p3@example.org', channel: 'api' }),
    ).rejects.toMatchObject({ code: 'invitation.undecided' })
    for (let hour = 0; hour < 4; hour += 1) {
      tenant.platform.clock.advance(3600)
      await sweepHandlers.unfinished(tenant.ctx)
      await tenant.drain()
    }
    const to = await sent()
    expect([to.length, new Set(to).size]).toEqual([10, 10])
    expect(await getList(tenant.ctx, second)).toMatchObject({ state: 'done', refused: { already_invited: 1 } })
  })

  it('can be invited by one only of two others', async () => {
    const first = await planned()
    await cancelList(tenant.ctx, first)
    const others = [await ready(ten), await ready(ten)]
    for (const listId of others) await confirmList(tenant.ctx, listId)
    await Promise.all(others.map((listId) => workOnList(tenant.ctx, { listId })))
    await tenant.drain()
    const to = await sent()
    expect([to.length, new Set(to).size]).toEqual([10, 10])
    expect((await readStatistics(tenant.ctx, eventId)).attendees).toBe(10)
  })

  it('can be invited one by one', async () => {
    const first = await planned()
    await cancelList(tenant.ctx, first)
    const input = { eventId, address: 'p3@example.org', channel: 'api' } as const
    expect([(await inviteAttendee(tenant.ctx, input)).isNew, (await inviteAttendee(tenant.ctx, input)).isNew]).toEqual([
      true,
      false,
    ])
    await tenant.drain()
    expect(await sent()).toEqual(['p3@example.org'])
  })
})
