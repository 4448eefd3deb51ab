import PostalMime from 'postal-mime'
import { afterEach, expect, it } from 'vitest'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { getList } from '#tenant-stack/core/recipient-list/list-store.ts'
import { confirmList, uploadList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { resumeSending } from '#tenant-stack/core/sending-stop/sending-stop.ts'
import { workOnList } from '#tenant-stack/pipelines/list/work-on-list.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant, type TestTenantOptions } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'
let tenant: TestTenant
afterEach(() => tenant.close())

const people = (count: number) => Array.from({ length: count }, (_, at) => `p${at}@example.org`)

/** A list that is checked and confirmed, and not yet worked on. */
async function confirmed(lines: readonly string[], options: TestTenantOptions = {}): Promise<string> {
  tenant = await createTestTenant(options)
  const eventId = (await tenant.receive(organizerMail({ uid: 'talk@example.com' }), { from: ana })).eventIds[0] ?? ''
  const bytes = new TextEncoder().encode(lines.join('\n'))
  const { listId } = await uploadList(tenant.ctx, { eventId, bytes, fileName: 'people.csv' })
  await tenant.drain()
  await confirmList(tenant.ctx, listId)
  return listId
}

/** Mails to the organizer about her list, as another parser reads them. */
async function told() {
  const mails = (await tenant.sent()).filter(({ to, sendId }) => to === ana && sendId.includes('ntc_list-'))
  return Promise.all(mails.map(({ raw }) => PostalMime.parse(raw)))
}

const subjects = async () => (await told()).map(({ subject }) => subject)
const invited = async () => (await tenant.sent()).filter(({ to }) => to !== ana).map(({ to }) => to)

it('of an uploaded list the organizer hears once, when it is done: how many, and why not the others', async () => {
  const listId = await confirmed(['email', ...people(3), 'p1@example.org', 'x@events.example.net', 'no one'])
  await tenant.drain()
  await workOnList(tenant.ctx, { listId })
  await tenant.drain()
  const mails = await told()
  expect(mails.map(({ subject }) => subject)).toEqual(['Your list is sent: A meeting'])
  expect(mails[0]?.text).toContain('3 people invited')
  expect(mails[0]?.text).toContain('Sent: 3\nLines: 6\n')
  for (const words of ['1 already further up in the list', '1 with an address of this server'])
    expect(mails[0]?.text).toContain(`Left out: ${words}\n`)
  expect(mails[0]?.text).toContain(`https://api.events.example.net/v1/lists/${listId}/rows`)
  expect(mails[0]?.html).toContain('3 people invited')
  expect(mails[0]?.replyTo?.[0]?.address).toBe('lists@events.example.net')
  expect((await getList(tenant.ctx, listId)).told).toEqual(['done'])
})

it('of a limit of the day the organizer hears once, however many days it takes, and then that it is done', async () => {
  const listId = await confirmed(people(25), { limits: { sendsPerDay: 10 } })
  for (let day = 0; day < 4; day += 1) {
    await tenant.drain()
    tenant.platform.clock.advance(86_400)
    await sweepHandlers.unfinished(tenant.ctx)
  }
  await tenant.drain()
  expect(await subjects()).toEqual(['Your list waits: A meeting', 'Your list is sent: A meeting'])
  expect((await told())[0]?.text).toMatch(/It goes on by itself at 2026-11-25 00:00 UTC/)
  expect([new Set(await invited()).size, (await getList(tenant.ctx, listId)).state]).toEqual([25, 'done'])
})

it('while the tenant’s mail is stopped the organizer hears that once, and nobody is invited until it goes on', async () => {
  const listId = await confirmed(people(200))
  const counts = { sent: 300, bounced: 30, complained: 0 }
  const at = tenant.ctx.clock.now()
  const stop = { pk: 'sending', sk: 'stop', isStopped: true, reason: 'bounces', at, counts, version: 1 }
  await tenant.ctx.table.write({ kind: 'put', item: stop })
  for (let hour = 0; hour < 4; hour += 1) {
    await tenant.drain()
    tenant.platform.clock.advance(3600)
    await sweepHandlers.unfinished(tenant.ctx)
  }
  expect([await subjects(), await invited()]).toEqual([['Your list stands still: A meeting'], []])
  await resumeSending(tenant.ctx, { reason: 'a mistyped list' })
  await sweepHandlers.unfinished(tenant.ctx)
  await tenant.drain()
  expect(await subjects()).toEqual(['Your list stands still: A meeting', 'Your list is sent: A meeting'])
  expect([new Set(await invited()).size, (await getList(tenant.ctx, listId)).state]).toEqual([200, 'done'])
})

it('a list whose last chunk died before it could end it is ended, and told of, by whoever looks after it', async () => {
  let isDying = true
  const listId = await confirmed(people(5), {
    adjust: (ctx): Ctx => ({
      ...ctx,
      table: {
        ...ctx.table,
        async transact(operations) {
          const ends = operations.some(
            (one) => one.kind === 'put' && one.item.sk === 'list' && one.item.state === 'done',
          )
          if (ends && isDying) throw new Error('killed')
          await ctx.table.transact(operations)
        },
      },
    }),
  })
  await expect(tenant.drain()).rejects.toThrow('killed')
  isDying = false
  expect([await subjects(), (await getList(tenant.ctx, listId)).state]).toEqual([[], 'sending'])
  tenant.platform.clock.advance(400)
  await sweepHandlers.unfinished(tenant.ctx)
  await tenant.drain()
  expect([await subjects(), (await getList(tenant.ctx, listId)).state]).toEqual([
    ['Your list is sent: A meeting'],
    'done',
  ])
})
