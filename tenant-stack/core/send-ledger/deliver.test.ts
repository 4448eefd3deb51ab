import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MailerFailure } from '#shared/platform/mailer.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { claimLedger, releaseLedger } from '#tenant-stack/core/send-ledger/claim-ledger.ts'
import { deliver, type Sendable } from '#tenant-stack/core/send-ledger/deliver.ts'
import { ENTRIES_PER_ROW, type LedgerEntry, ledgerKey } from '#tenant-stack/core/send-ledger/ledger.ts'
import { planLedger } from '#tenant-stack/core/send-ledger/plan-ledger.ts'
import { SENT_WEBHOOKS_MAX } from '#tenant-stack/core/webhook/webhook.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const LEDGER = 'chk_fifty'
let tenant: TestTenant
/** What the mailer does with a mail to this index; once each. */
let fates: Map<number, 'throttle' | 'reject'>
let handedOver: string[]

beforeEach(async () => {
  fates = new Map()
  handedOver = []
  tenant = await createTestTenant({
    adjust: (ctx) => ({ ...ctx, mailer: { ...ctx.mailer, send: async (mail) => take(mail.envelopeTo) } }),
  })
  await planLedger(tenant.ctx, LEDGER, { topicName: 'chunk-planned', body: '{}' })
})
afterEach(async () => tenant.close())

async function take(to: string) {
  const fate = fates.get(Number(to))
  fates.delete(Number(to))
  if (fate === 'throttle') throw MailerFailure.throttled('later')
  if (fate === 'reject') throw MailerFailure.rejected('nobody')
  handedOver.push(to)
  return { mailerMessageId: `mailer-${to}` }
}

function mails(count: number): readonly Sendable[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    envelopeTo: String(index),
    envelopeFrom: null,
    compose: () => new Uint8Array(),
  }))
}

async function claim(ctx: Ctx) {
  const claimed = await claimLedger(ctx, LEDGER, [])
  if (claimed.kind !== 'claimed') throw new Error(claimed.kind)
  return claimed.claim
}

async function rows() {
  const { items } = await tenant.ctx.table.query({ pk: ledgerKey(LEDGER).pk, sk: { beginsWith: 'entr' }, limit: 200 })
  return items
}

describe('what became of the mails of a ledger', () => {
  it('fits a transaction with an invitation and every webhook of each mail, and the counters', () => {
    // The claim's check, the row, and the counters of event, day, usage and list.
    expect(2 + 4 + ENTRIES_PER_ROW * (1 + SENT_WEBHOOKS_MAX)).toBeLessThanOrEqual(100)
  })

  it('is kept in a row for many mails, whatever becomes certain at which attempt, and what follows is written once', async () => {
    const followed: LedgerEntry[] = []
    const follow = (entry: LedgerEntry) => {
      followed.push(entry)
      return []
    }
    fates = new Map([
      [3, 'throttle'],
      [19, 'reject'],
      [31, 'throttle'],
      [49, 'throttle'],
    ])
    const first = await claim(tenant.ctx)
    expect(await deliver(tenant.ctx, first, mails(50), follow)).toEqual({ isComplete: false, unknown: 0, retry: 3 })
    await releaseLedger(tenant.ctx, first, { state: 'PLANNED', dueAt: 0 })
    const second = await claim(tenant.ctx)
    expect(second.entries.size).toBe(50)
    expect(await deliver(tenant.ctx, second, mails(50), follow)).toMatchObject({ isComplete: true })
    expect((await rows()).map(({ sk }) => sk)).toEqual(['entries#000', 'entries#030'])
    expect(handedOver.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 50 }, (_, index) => String(index)).filter((name) => name !== '19'),
    )
    expect(followed.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    )
    const again = second.entries
    expect(again.get(3)).toEqual({
      index: 3,
      state: 'RETRY',
      attempt: 1,
      sendId: `snd_${LEDGER}-3-1`,
      reason: 'mailer.throttled',
    })
    expect(again.get(19)).toMatchObject({ state: 'FAILED', reason: 'mailer.rejected' })
    expect(again.get(7)).toMatchObject({ state: 'ACCEPTED', mailerMessageId: 'mailer-7' })
  })

  it('is read from rows of one mail each too, as they were before: nothing of them is sent again', async () => {
    for (const [index, state] of ['ACCEPTED', 'ACCEPTED', 'RETRY'].entries())
      await tenant.ctx.table.write({
        kind: 'put',
        item: {
          pk: ledgerKey(LEDGER).pk,
          sk: `entry#00${index}`,
          index,
          state,
          attempt: 1,
          sendId: `snd_${LEDGER}-${index}-1`,
          mailerMessageId: 'm',
        },
      })
    const first = await claim(tenant.ctx)
    expect(await deliver(tenant.ctx, { ...first, attempt: 2 }, mails(3), () => [])).toMatchObject({ isComplete: true })
    await releaseLedger(tenant.ctx, first, { state: 'PLANNED', dueAt: 0 })
    // The row of before that says RETRY still lies there.
    await deliver(tenant.ctx, await claim(tenant.ctx), mails(3), () => [])
    expect(handedOver).toEqual(['2'])
  })

  it('belongs to who holds the claim: a worker that was overtaken records nothing', async () => {
    const late = await claim(tenant.ctx)
    tenant.platform.clock.advance(31)
    const newer = await claim(tenant.ctx)
    await expect(
      deliver(tenant.ctx, { ...late, leaseUntil: newer.leaseUntil }, mails(1), () => []),
    ).rejects.toMatchObject({
      code: 'table.condition_failed',
    })
    expect(await rows()).toEqual([])
  })
})
