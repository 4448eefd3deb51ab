import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { aroundPorts } from '#test/harness/platform/around-ports.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { interrupted, writes } from '#test/harness/tenant/interrupt.ts'
import { bob, invited, onDay } from '#test/harness/tenant/invited.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'
import { swept } from '#test/harness/tenant/swept.ts'
import { createTestTenant, queueDefinitions } from '#test/harness/tenant/test-tenant.ts'
import { isEffect } from '#test/harness/tenant/worker.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

/** Well within a lease: who has claimed the change's chunk before may still be sending. */
const SOON_SECONDS = 25

/** More than a change of one event for one attendee has. */
const EFFECTS_MAX = 60

/** A tenant whose worker is held up right before the nth effect from `arm` on, while others do something. */
async function heldUp(nth: number) {
  let effects = 0
  let meanwhile: (() => Promise<void>) | undefined
  const platform = await createMemoryPlatform({ queueDefinitions: queueDefinitions() })
  const tenant = await createTestTenant({
    reader,
    platform,
    adjust: (ctx) => ({
      ...ctx,
      ...aroundPorts(platform, async (port, verb, act) => {
        if (meanwhile === undefined || !isEffect(port, verb)) return act()
        effects += 1
        if (effects === nth) {
          const now = meanwhile
          meanwhile = undefined
          await now()
        }
        return act()
      }),
    }),
  })
  const arm = (act: () => Promise<void>) => {
    meanwhile = act
  }
  return { tenant, arm, isOver: () => effects === nth }
}

it.each([
  { who: 'had not answered', answered: false, what: 'a new place', day: 5 },
  { who: 'had not answered', answered: false, what: 'a new time', day: 8 },
  { who: 'had declined', answered: true, what: 'a new place', day: 5 },
  { who: 'had declined', answered: true, what: 'a new time', day: 8 },
])(
  'brings $what once to who $who and accepts the old state at any moment of its fan-out',
  async ({ answered, day }) => {
    const wrong: string[] = []
    let nth = 1
    for (; nth <= EFFECTS_MAX; nth += 1) {
      const { tenant, arm, isOver } = await heldUp(nth)
      const one = await invited(tenant)
      if (answered) await one.reply('google', { partstat: 'DECLINED' })
      arm(async () => {
        await one.reply('google', { dtstamp: '20261123T130000Z' })
        await swept(tenant, SOON_SECONDS)
      })
      await one.changed(1, { lines: [...onDay(day), 'LOCATION:Room 2'] })
      if (!isOver()) {
        await tenant.close()
        break
      }
      for (let round = 0; round < 4; round += 1) await swept(tenant, 900)
      const mails = (await one.mailsTo(bob)).slice(1).map(({ subject }) => subject?.split(':')[0])
      if (JSON.stringify(mails) !== '["Updated invitation"]') wrong.push(`before effect ${nth}: ${mails.join(', ')}`)
      expect(await one.history()).toHaveLength(answered ? 2 : 1)
      await tenant.close()
    }
    expect(wrong).toEqual([])
    expect(nth).toBeGreaterThan(answered ? 12 : 8)
    expect(nth).toBeLessThan(EFFECTS_MAX)
  },
  240_000,
)

it('leaves him to his own mail when both fall due together, the change having been claimed after his answer', async () => {
  let atWrite: ReturnType<typeof interrupted>['atWrite'] | undefined
  const tenant = await createTestTenant({
    reader,
    adjust: (ctx) => {
      const both = interrupted(ctx)
      atWrite = both.atWrite
      return both.ctx
    },
  })
  const one = await invited(tenant)
  await one.reply('google', { partstat: 'DECLINED' })
  const chunk = `ledger#chk_${one.eventId}-1-`
  atWrite?.(writes(chunk, 'ledger'), async () => {
    await one.reply('google', { dtstamp: '20261123T130000Z' })
    tenant.platform.clock.advance(50)
    atWrite?.(writes(chunk, 'entry'), () => swept(tenant, 15))
  })
  await one.changed(1, { lines: [...onDay(5), 'LOCATION:Room 2'] })
  for (let round = 0; round < 4; round += 1) await swept(tenant, 900)
  expect((await one.mailsTo(bob)).map(({ subject }) => subject?.split(':')[0])).toEqual([
    'Invitation',
    'Updated invitation',
  ])
  await tenant.close()
})
