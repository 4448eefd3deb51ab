import { afterEach, describe, expect, it } from 'vitest'
import { type ControlPlaneInMemory, controlPlaneInMemory, vendorAdmin } from '#test/harness/control/control-plane.ts'
import { auditPartition } from './audit/audit.ts'
import { commit } from './commit.ts'
import type { Ctx } from './context.ts'
import { markDue, notDueRemoves } from './due.ts'
import { OUTBOX_SHARDS, relayOutbox } from './outbox.ts'
import { tick } from './tick.ts'

let plane: ControlPlaneInMemory

afterEach(() => plane.platform.close())

const change = (key = 'a') => ({
  operations: [{ kind: 'put', item: { pk: key, sk: key, version: 1 }, when: { row: 'absent' } }] as const,
  audit: {
    action: 'thing.made',
    target: { kind: 'thing', id: key },
    licenseeId: 'lcs_1',
    after: { key },
    reason: 'because',
  },
  notices: [{ queueName: 'provision', body: { tenantId: 'ten_1' } }] as const,
})

const brokenQueues: Ctx['queues'] = { send: () => Promise.reject(new Error('the queue is away')) }

it('writes the row, who did it, and what it promises, and sends the promise once', async () => {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  await commit({ ...ctx, caller: { requestId: 'req_1', ipAddress: '192.0.2.1' } }, change())
  const { items } = await ctx.table.query({ pk: auditPartition('lcs_1'), limit: 10 })
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({
    action: 'thing.made',
    actor: vendorAdmin,
    reason: 'because',
    result: 'done',
    requestId: 'req_1',
    ipAddress: '192.0.2.1',
    afterSha256: ctx.sha256('{"key":"a"}'),
  })
  expect(await plane.takeAll('provision')).toEqual([{ tenantId: 'ten_1' }])
  plane.platform.clock.advance(60)
  expect(await relayOutbox(ctx)).toBe(0)
})

it('writes and promises nothing when the row is not as expected', async () => {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  await commit(ctx, change())
  await plane.takeAll('provision')
  await expect(commit(ctx, change())).rejects.toMatchObject({ code: 'table.condition_failed' })
  plane.platform.clock.advance(60)
  await tick(ctx)
  expect(await plane.takeAll('provision')).toEqual([])
  expect((await ctx.table.query({ pk: auditPartition('lcs_1'), limit: 10 })).items).toHaveLength(1)
})

it('relays what was promised and not sent, but leaves what is just being sent to its writer', async () => {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  await commit({ ...ctx, queues: brokenQueues }, change())
  expect(await relayOutbox(ctx)).toBe(0)
  plane.platform.clock.advance(6)
  expect(await relayOutbox(ctx)).toBe(1)
  expect(await plane.takeAll('provision')).toEqual([{ tenantId: 'ten_1' }])
  expect(await relayOutbox(ctx)).toBe(0)
})

it('relays the others, and tells of due rows, when one is malformed', async () => {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  for (let shard = 0; shard < OUTBOX_SHARDS; shard += 1)
    await ctx.table.write({ kind: 'put', item: { pk: `outbox#${shard}`, sk: '0', queueName: 'nowhere', body: '{}' } })
  await commit({ ...ctx, queues: brokenQueues }, change())
  const mark = markDue(ctx, { rowName: 'x', dueAt: 1, queueName: 'licence-due', body: { licenceId: 'lic_1' } })
  await ctx.table.write({ kind: 'put', item: { pk: 'x', sk: 'x', ...mark } })
  plane.platform.clock.advance(6)
  expect(await tick(ctx)).toEqual({ due: 1, relayed: 1 })
  expect(await plane.takeAll('provision')).toEqual([{ tenantId: 'ten_1' }])
})

describe('a due row', () => {
  const at = { pk: 'x', sk: 'x' } as const
  async function marked(inSeconds: number) {
    plane = await controlPlaneInMemory()
    const ctx = plane.ctxOf()
    const dueAt = ctx.clock.now() + inSeconds * 1000
    const mark = markDue(ctx, { rowName: 'x', dueAt, queueName: 'licence-due', body: { licenceId: 'lic_1' } })
    await ctx.table.write({ kind: 'put', item: { ...at, ...mark } })
    return ctx
  }

  it('is told at its time, and soon again when nobody moves its mark', async () => {
    const ctx = await marked(90)
    expect(await tick(ctx)).toEqual({ due: 0, relayed: 0 })
    plane.platform.clock.advance(90)
    expect(await tick(ctx)).toEqual({ due: 1, relayed: 0 })
    expect(await tick(ctx)).toEqual({ due: 0, relayed: 0 })
    plane.platform.clock.advance(15)
    expect(await tick(ctx)).toEqual({ due: 1, relayed: 0 })
    expect(await plane.takeAll('licence-due')).toEqual([{ licenceId: 'lic_1' }, { licenceId: 'lic_1' }])
  })

  it('that fails whenever it is handled is told eleven times in a day, and from the fifth on loudly', async () => {
    const ctx = await marked(0)
    let due = 0
    for (let seconds = 0; seconds < 86_400; seconds += 15) {
      due += (await tick(ctx)).due
      plane.platform.clock.advance(15)
    }
    expect(due).toBe(11)
    const stuck = plane.platform.log.entries.filter((entry) => entry.at === 'tick.stuck')
    expect(stuck.map(({ times }) => times)).toEqual([5, 6, 7, 8, 9, 10, 11])
  })

  it('that its handler marked anew meanwhile is not moved back, nor marked again when it is done', async () => {
    const ctx = await marked(0)
    const next = markDue(ctx, {
      rowName: 'x',
      dueAt: ctx.clock.now() + 5000,
      queueName: 'licence-due',
      body: { licenceId: 'lic_1' },
    })
    const handling: Ctx['queues'] = {
      ...ctx.queues,
      send: () => ctx.table.write({ kind: 'update', key: at, set: next }),
    }
    await tick({ ...ctx, queues: handling })
    expect(await ctx.table.get(at)).toMatchObject(next)
    plane.platform.clock.advance(5)
    const done: Ctx['queues'] = {
      ...ctx.queues,
      send: () => ctx.table.write({ kind: 'update', key: at, remove: notDueRemoves }),
    }
    await tick({ ...ctx, queues: done })
    expect(await ctx.table.get(at)).toEqual(at)
  })

  it('is told once by each of two looks at the same time, and moved once', async () => {
    const ctx = await marked(0)
    await Promise.all([tick(ctx), tick(ctx)])
    expect((await plane.takeAll('licence-due')).length).toBeLessThanOrEqual(2)
    expect(await ctx.table.get(at)).toMatchObject({ dueTold: 1 })
  })
})

it('tells of the other due rows when one is malformed', async () => {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  const mark = markDue(ctx, { rowName: 'x', dueAt: 1, queueName: 'licence-due', body: { licenceId: 'lic_1' } })
  await ctx.table.write({ kind: 'put', item: { pk: 'bad', sk: 'a', ...mark, gsi1sk: '0', dueQueue: 'nowhere' } })
  await ctx.table.write({ kind: 'put', item: { pk: 'good', sk: 'b', ...mark } })
  expect(await tick(ctx)).toEqual({ due: 1, relayed: 0 })
  await tick(ctx)
  const said = plane.platform.log.entries.filter(({ at }) => at === 'tick.malformed')
  expect(said).toEqual([{ level: 'error', at: 'tick.malformed', pk: 'bad' }])
})

it('tells ahead of a row whose time comes before the next look, so that it is heard at its time', async () => {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  const dueAt = ctx.clock.now() + 20_000
  const mark = markDue(ctx, { rowName: 'x', dueAt, queueName: 'licence-due', body: { licenceId: 'lic_1' } })
  await ctx.table.write({ kind: 'put', item: { pk: 'x', sk: 'x', ...mark } })
  expect(await tick(ctx, { aheadSeconds: 10 })).toEqual({ due: 0, relayed: 0 })
  expect(await tick(ctx, { aheadSeconds: 59 })).toEqual({ due: 1, relayed: 0 })
  expect(await plane.takeAll('licence-due')).toEqual([])
  plane.platform.clock.advance(20)
  expect(await plane.takeAll('licence-due')).toEqual([{ licenceId: 'lic_1' }])
})
