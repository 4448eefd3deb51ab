import { afterEach, expect, it } from 'vitest'
import { type ControlPlaneInMemory, controlPlaneInMemory, vendorAdmin } from '#test/harness/control/control-plane.ts'
import { auditPartition } from './audit/audit.ts'
import { commit } from './commit.ts'
import type { Ctx } from './context.ts'
import { markDue } from './due.ts'
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

it('tells of a due row at each tick until its mark is moved, and not before its time', async () => {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  const dueAt = ctx.clock.now() + 90_000
  const mark = markDue(ctx, { rowName: 'x', dueAt, queueName: 'licence-due', body: { licenceId: 'lic_1' } })
  await ctx.table.write({ kind: 'put', item: { pk: 'x', sk: 'x', ...mark } })
  expect(await tick(ctx)).toEqual({ due: 0, relayed: 0 })
  plane.platform.clock.advance(90)
  expect(await tick(ctx)).toEqual({ due: 1, relayed: 0 })
  expect(await tick(ctx)).toEqual({ due: 1, relayed: 0 })
  expect(await plane.takeAll('licence-due')).toEqual([{ licenceId: 'lic_1' }, { licenceId: 'lic_1' }])
})

it('tells of the other due rows when one is malformed', async () => {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  const mark = markDue(ctx, { rowName: 'x', dueAt: 1, queueName: 'licence-due', body: { licenceId: 'lic_1' } })
  await ctx.table.write({ kind: 'put', item: { pk: 'bad', sk: 'a', ...mark, gsi1sk: '0', dueQueue: 'nowhere' } })
  await ctx.table.write({ kind: 'put', item: { pk: 'good', sk: 'b', ...mark } })
  expect(await tick(ctx)).toEqual({ due: 1, relayed: 0 })
  expect(plane.platform.log.entries).toContainEqual({ level: 'error', at: 'tick.malformed', pk: 'bad' })
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
