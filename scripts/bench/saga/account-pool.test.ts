import { expect, it } from 'vitest'
import { aroundCloud } from '#control-plane/cloud/around-cloud.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import { allPoolAccounts } from '#control-plane/core/placement/pool-account.ts'
import { tendAccountPool } from '#control-plane/provisioning/tend-account-pool.ts'
import { POOL_TAG } from '#shared/contracts/account-baseline.ts'
import { FAULTS, type FaultKind, withFaultAt } from './faults.ts'
import { REGION } from './samples.ts'
import { passDays } from './walk.ts'
import { createWorld } from './world.ts'

/** Looks of the sweep until an account must be there, the last ones after AWS's people had their day. */
const LOOKS = 30
const LATE = 20

/** The pool from nothing to one ready account, with a fault on the way; answers how many points there were and how many accounts were made. */
async function fill(fault?: { readonly at: number; readonly kind: FaultKind }) {
  const world = await createWorld()
  try {
    const points = withFaultAt({ table: world.table, cloud: world.cloud }, fault)
    for (let look = 0; look < LOOKS; look += 1) {
      const { table, cloud, isDead } = points.worker()
      try {
        await tendAccountPool(world.ctxOf({ table, cloud }), { region: REGION })
      } catch (error) {
        if (!isDead()) throw error
      }
      world.clock.set(world.clock.now() + (look === LATE ? 2 * 86_400_000 : 60_000))
    }
    const { items } = await world.cloudTable.query({ pk: 'cloud#account-creations', limit: 100 })
    const accounts = await allPoolAccounts(world.ctxOf())
    const states = accounts.map(({ state }) => state)
    const tags = await world.cloud.organizations.tagsOf(accounts[0]?.awsAccountId ?? '')
    return {
      kinds: points.kinds,
      asked: items.length,
      states,
      isTagged: tags?.[POOL_TAG] === accounts[0]?.poolAccountId,
    }
  } finally {
    await world.close()
  }
}

it('asks for one account for certain, with the tag that its right to ask wants, wherever the sweep dies or gets no answer, and has it ready in the end', async () => {
  const { kinds } = await fill()
  let runs = 0
  for (const [index, pointKind] of kinds.entries())
    for (const kind of FAULTS) {
      if (pointKind === 'write' && !kind.startsWith('crash')) continue
      const { asked, states, isTagged } = await fill({ at: index + 1, kind })
      expect([index + 1, kind, asked, states, isTagged]).toEqual([index + 1, kind, 1, ['ready'], true])
      runs += 1
    }
  expect(runs).toBeGreaterThan(60)
})

it.each([
  ['quota', 3],
  ['vendor_task', 12],
] as const)(
  'asks seldom for what AWS refuses as %s, tells the vendor once, and has the account when it may',
  async (code, asksMax) => {
    const world = await createWorld()
    try {
      let asks = 0
      let isRefused = true
      const cloud = aroundCloud(world.cloud, async (call, act) => {
        if (call.verb !== 'organizations.createAccount') return act()
        asks += 1
        if (isRefused) throw CloudFailure[code]('refused')
        return act()
      })
      const look = async (minutes: number) => {
        for (let minute = 0; minute < minutes; minute += 5) {
          await tendAccountPool(world.ctxOf({ cloud }), { region: REGION })
          world.clock.set(world.clock.now() + 300_000)
        }
      }
      await look(2 * 1440)
      expect(asks).toBeGreaterThan(1)
      expect(asks).toBeLessThanOrEqual(asksMax)
      await passDays(world, 0.01)
      expect(world.sent.map(({ to, subject }) => [to, subject])).toEqual([
        ['vendor@example.com', 'AWS makes no more accounts for the pool'],
      ])
      isRefused = false
      await look(5 * 1440)
      expect((await allPoolAccounts(world.ctxOf())).map(({ state }) => state)).toEqual(['ready'])
    } finally {
      await world.close()
    }
  },
)
