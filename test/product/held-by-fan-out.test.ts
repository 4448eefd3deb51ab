import { afterEach, beforeEach, expect, it } from 'vitest'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { fanOutChunkId, fanOutKey } from '#tenant-stack/core/fan-out/fan-out.ts'
import { heldByFanOut } from '#tenant-stack/core/fan-out/held-by-fan-out.ts'
import { planChunkOperation } from '#tenant-stack/core/send-ledger/chunk.ts'
import { entriesOperation, ledgerKey, sendIdOf } from '#tenant-stack/core/send-ledger/ledger.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const PAGES = 2500
/** Most of a large event has not answered, so most pages have nobody to mail. */
const EVERY = 7
const idOf = (page: number, nth: number) => `inv_${String(page * 100 + nth).padStart(9, '0')}`

let tenant: TestTenant
let eventId: string
beforeEach(async () => {
  tenant = await createTestTenant()
  const received = await tenant.receive(organizerMail({ uid: 'large@example.com' }), { from: 'ana.diaz@example.com' })
  eventId = received.eventIds[0] ?? ''
})
afterEach(() => tenant.close())

async function fanOut(state: 'running' | 'done') {
  const fan = { eventId, sequence: 0 }
  await tenant.ctx.table.write({ kind: 'put', item: { ...fanOutKey(fan), ...fan, state, page: PAGES } })
  for (let page = 0; page < PAGES; page += EVERY)
    await tenant.ctx.table.write(
      planChunkOperation(tenant.ctx, {
        ...fan,
        chunkId: fanOutChunkId(fan, page),
        kind: 'revision',
        invitationIds: [idOf(page, 3), idOf(page, 50)],
        topicName: 'chunk-planned',
      }),
    )
}

const end = (page: number) =>
  tenant.ctx.table.write({
    kind: 'update',
    key: ledgerKey(fanOutChunkId({ eventId, sequence: 0 }, page)),
    set: { state: 'DONE' },
  })

async function held(...invitationIds: readonly string[]) {
  let reads = 0
  const { table } = tenant.ctx
  const counting = {
    ...table,
    getMany: (keys: Parameters<typeof table.getMany>[0]) => {
      reads += 1
      return table.getMany(keys)
    },
  }
  const calendarEvent = await getEvent(tenant.ctx, eventId)
  const found = await heldByFanOut({ ...tenant.ctx, table: counting }, calendarEvent, invitationIds)
  return { held: [...found].toSorted(), reads }
}

it('finds in a few reads with whom a large fan-out is not through', async () => {
  await fanOut('done')
  const open = [0, 7 * 100, 7 * 357].map((page) => idOf(page, 50))
  for (const id of open) {
    const { held: found, reads } = await held(id)
    expect([found, reads <= 4]).toEqual([[id], true])
  }
  expect((await held(idOf(3, 50), idOf(7, 4), 'inv_none')).held).toEqual([])
  await end(700)
  expect((await held(...open)).held).toEqual([open[0], open[2]])
})

it('is through with whom it has an outcome for, while it goes on with others', async () => {
  await fanOut('done')
  const ledgerId = fanOutChunkId({ eventId, sequence: 0 }, 7)
  const entry = (index: number, state: 'ACCEPTED' | 'RETRY') => ({
    index,
    state,
    attempt: 1,
    sendId: sendIdOf(ledgerId, index, 1),
  })
  await tenant.ctx.table.write(entriesOperation(ledgerId, [entry(0, 'ACCEPTED'), entry(1, 'RETRY')], 9_999_999_999))
  expect((await held(idOf(7, 3), idOf(7, 50))).held).toEqual([idOf(7, 50)])
})

it('holds everybody while it is not known whom it will come to', async () => {
  await fanOut('running')
  expect((await held(idOf(3, 1))).held).toEqual([idOf(3, 1)])
})
