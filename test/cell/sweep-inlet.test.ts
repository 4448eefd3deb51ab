import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inletKey, SES_SETUP_NOTIFICATION } from '#shared/contracts/cell-inlet.ts'
import { cellRouteKey } from '#shared/contracts/cell-routes.ts'
import { routeMail } from '#tenant-stack/cell/route-mail.ts'
import { sweepInlet } from '#tenant-stack/cell/sweep-inlet.ts'
import { watchCell } from '#tenant-stack/cell/watch-cell.ts'
import { SENT, sesMail } from './ses-mail.ts'
import { aroundCell, createTestCell, receiptFor, SES_ID, type TestCell, textOf } from './test-cell.ts'

const until = Number.POSITIVE_INFINITY

let cell: TestCell
beforeEach(async () => {
  cell = await createTestCell()
})
afterEach(() => cell.close())

async function orphaned(raw: string, sesId = SES_ID): Promise<void> {
  await cell.receive({ raw, sesId })
  cell.platform.clock.advance(601)
}

describe('the sweep of the inlet', () => {
  it('leaves alone what came a moment ago', async () => {
    await cell.receive({ raw: sesMail('create@events.example.com') })
    cell.platform.clock.advance(599)
    expect(await sweepInlet(cell.ctx, { until })).toEqual({ unrouted: 0, oldestSeconds: 0 })
    expect(cell.noticesOf('ten_a')).toEqual([])
  })

  it('routes a mail without receipt by the trace of SES, unauthenticated and redacted, once', async () => {
    await orphaned(sesMail('r-1@events.example.com'))
    expect(await sweepInlet(cell.ctx, { until })).toEqual({ unrouted: 0, oldestSeconds: 0 })
    await sweepInlet(cell.ctx, { until })
    const [notice, ...more] = cell.noticesOf('ten_a')
    expect(more).toEqual([])
    expect(notice).toMatchObject({ mailId: `mail_${SES_ID}`, envelopeFrom: '', recipients: ['r-1@events.example.com'] })
    expect(notice).not.toHaveProperty('authentication')
    expect(notice).not.toHaveProperty('origin')
    expect(await cell.copyOf('ten_a')).not.toContain('X-SES-RECEIPT: AEF')
    expect((await cell.copyOf('ten_a'))?.endsWith(SENT)).toBe(true)
  })

  it('keeps the object, so that a late receipt finds every recipient and brings the verdicts', async () => {
    await orphaned(sesMail('create@events.example.com'))
    await sweepInlet(cell.ctx, { until })
    await routeMail(cell.ctx, receiptFor(['create@events.example.com', 'create@events.example.org']))
    expect(cell.noticesOf('ten_a').map((notice) => notice.authentication?.dmarc)).toEqual([undefined, 'PASS'])
    expect(cell.noticesOf('ten_b')).toHaveLength(1)
    expect(await textOf(cell.ctx.inlet, inletKey(SES_ID))).toBeUndefined()
  })

  it('follows the receipt when the router had seen it and gave up', async () => {
    await cell.receive({ raw: sesMail('create@events.example.com') })
    const broken = aroundCell(cell.ctx, (verb, act) =>
      verb === 'ten_b.notify' ? Promise.reject(new Error('x')) : act(),
    )
    const receipt = receiptFor(['create@events.example.com', 'create@events.example.org'])
    await expect(routeMail(broken, receipt)).rejects.toThrow('1 of 2 tenants')
    cell.platform.clock.advance(601)
    await sweepInlet(cell.ctx, { until })
    expect([cell.noticesOf('ten_a').length, cell.noticesOf('ten_b').length]).toEqual([1, 1])
    expect(cell.noticesOf('ten_b')[0]?.authentication?.dmarc).toBe('PASS')
  })

  it('leaves what it cannot route, says how old it is, and does not read it again', async () => {
    await orphaned(SENT)
    await orphaned(sesMail('x@nobody.example', 'second0id'), 'second0id')
    expect(await sweepInlet(cell.ctx, { until })).toEqual({ unrouted: 2, oldestSeconds: 1202 })
    const reads: string[] = []
    const counted = aroundCell(cell.ctx, (verb, act) => {
      reads.push(verb)
      return act()
    })
    expect(await sweepInlet(counted, { until })).toEqual({ unrouted: 2, oldestSeconds: 1202 })
    expect(reads).not.toContain('inlet.get')
    expect(await textOf(cell.ctx.inlet, inletKey(SES_ID))).toBe(SENT)
  })

  it('routes what it could not, once the domain has a tenant', async () => {
    await orphaned(sesMail('create@late.example'))
    await sweepInlet(cell.ctx, { until })
    const route = await cell.ctx.table.get(cellRouteKey('events.example.org'))
    await cell.ctx.table.write({
      kind: 'put',
      item: { ...route, ...cellRouteKey('late.example'), domainName: 'late.example' },
    })
    expect(await sweepInlet(cell.ctx, { until })).toEqual({ unrouted: 0, oldestSeconds: 0 })
    expect(cell.noticesOf('ten_b').map((notice) => notice.recipients)).toEqual([['create@late.example']])
  })

  it('goes on when one object fails, and stops beginning when its time is up', async () => {
    await orphaned(sesMail('create@events.example.com', 'first0id'), 'first0id')
    await orphaned(sesMail('create@events.example.org', 'second0id'), 'second0id')
    const broken = aroundCell(cell.ctx, (verb, act) => (verb === 'ten_a.put' ? Promise.reject(new Error('x')) : act()))
    expect(await sweepInlet(broken, { until: 0 })).toMatchObject({ unrouted: 2 })
    expect(await sweepInlet(broken, { until })).toMatchObject({ unrouted: 1 })
    expect(cell.noticesOf('ten_b')).toHaveLength(1)
  })

  it('passes over the object by which SES tried the rule, and reports any other that is no mail', async () => {
    await orphaned('try', SES_SETUP_NOTIFICATION)
    expect(await sweepInlet(cell.ctx, { until })).toMatchObject({ unrouted: 0 })
    await orphaned('?', 'not-a-mail')
    expect(await sweepInlet(cell.ctx, { until })).toMatchObject({ unrouted: 1 })
  })

  it('says in one line how the cell is', async () => {
    await orphaned(SENT)
    await cell.ctx.queues.send('router', 'one')
    await watchCell(cell.ctx, { until })
    expect(cell.platform.log.entries.at(-1)).toEqual({
      at: 'cell.watched',
      level: 'metric',
      waiting: 1,
      deadLetters: 0,
      unrouted: 1,
      oldestSeconds: 601,
    })
  })
})
