import { describe, expect, it } from 'vitest'
import { inletKey } from '#shared/contracts/cell-inlet.ts'
import { routeMail } from '#tenant-stack/cell/route-mail.ts'
import { sweepInlet } from '#tenant-stack/cell/sweep-inlet.ts'
import { sesMail } from './ses-mail.ts'
import { aroundCell, createTestCell, receiptFor, SES_ID, type TestCell, textOf } from './test-cell.ts'

const shared = ['create@events.example.com', 'create@events.example.org', 'x@nobody.example']
const alone = ['create@events.example.com']
const never = Number.POSITIVE_INFINITY

type Kill = 'before' | 'after'
/** Who comes after a killed one: the same message again, a twin at the same time, or only the sweep, its message lost. */
type Successor = 'redelivered' | 'twin' | 'swept'

/** The nth effect kills its process before or after it happens; from then on that process does nothing. */
function killed(cell: TestCell, nth: number, kill: Kill) {
  let calls = 0
  const ctx = aroundCell(cell.ctx, async (_verb, act) => {
    calls += 1
    if (calls > nth || (calls === nth && kill === 'before')) throw new Error('killed')
    const result = await act()
    if (calls >= nth) throw new Error('killed')
    return result
  })
  return { ctx, calls: () => calls }
}

async function ending(cell: TestCell) {
  const recipients = (tenantId: string) => [
    ...new Set(cell.noticesOf(tenantId).map((notice) => notice.recipients.join())),
  ]
  const verdicts = [...cell.noticesOf('ten_a'), ...cell.noticesOf('ten_b')].map(
    (notice) => notice.authentication?.dmarc,
  )
  return {
    a: recipients('ten_a'),
    b: recipients('ten_b'),
    verdicts: [...new Set(verdicts)],
    mailIds: [...new Set([...cell.noticesOf('ten_a'), ...cell.noticesOf('ten_b')].map((notice) => notice.mailId))],
    hasCopies: [(await cell.copyOf('ten_a')) !== undefined, (await cell.copyOf('ten_b')) !== undefined],
    isInInlet: (await textOf(cell.ctx.inlet, inletKey(SES_ID))) !== undefined,
  }
}

async function play(recipients: readonly string[], nth: number, kill: Kill, successor: Successor) {
  const cell = await createTestCell()
  await cell.receive({ raw: sesMail(recipients[0] ?? '') })
  const dying = killed(cell, nth, kill)
  const first = routeMail(dying.ctx, receiptFor(recipients)).catch(() => undefined)
  if (successor === 'twin') await routeMail(cell.ctx, receiptFor(recipients))
  await first
  if (successor === 'redelivered') await routeMail(cell.ctx, receiptFor(recipients))
  if (successor === 'swept') {
    cell.platform.clock.advance(700)
    await sweepInlet(cell.ctx, { until: never })
  }
  const seen = await ending(cell)
  await cell.close()
  return { seen, calls: dying.calls() }
}

describe.each([
  ['one tenant', alone],
  ['two tenants and nobody', shared],
])('a router killed at each effect, with a mail for %s', (_name, recipients) => {
  it.each<Successor>(['redelivered', 'twin', 'swept'])('loses nothing and forgets nobody: %s', async (successor) => {
    const { calls: effects } = await play(recipients, never, 'before', 'redelivered')
    const expected = {
      a: ['create@events.example.com'],
      b: recipients.length > 1 ? ['create@events.example.org'] : [],
      verdicts: ['PASS'],
      mailIds: [`mail_${SES_ID}`],
      hasCopies: [true, recipients.length > 1],
      isInInlet: false,
    }
    expect(effects).toBeGreaterThan(8)
    for (let nth = 1; nth <= effects; nth += 1)
      for (const kill of ['before', 'after'] as const) {
        const { seen } = await play(recipients, nth, kill, successor)
        // Killed before it kept the receipt, and the message lost with it: the trace alone is left, and the object stays.
        const isTraced = successor === 'swept' && seen.verdicts[0] === undefined
        const traced = { ...expected, b: [], verdicts: [undefined], hasCopies: [true, false], isInInlet: true }
        if (isTraced) expect(nth).toBeLessThanOrEqual(3)
        expect(seen, `${kill} effect ${nth}`).toEqual(isTraced ? traced : expected)
      }
  })
})
