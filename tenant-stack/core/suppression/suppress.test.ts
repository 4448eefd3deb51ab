import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { liftSuppression, resubscribe } from './lift.ts'
import { suppress } from './suppress.ts'
import type { SuppressionReason } from './suppression.ts'
import { listSuppressions, suppressionsOf } from './suppressions-of.ts'

const address = 'bob@example.org'
const WORDS = ['hard_bounce', 'complaint', 'manual', 'unsubscribe', 'undo'] as const
type Word = (typeof WORDS)[number]

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

const say = (word: Word) =>
  word === 'undo'
    ? resubscribe(tenant.ctx, { address })
    : suppress(tenant.ctx, { address, reason: word, source: 'api', detail: word })

const standing = async () =>
  (await suppressionsOf(tenant.ctx, { organizerAddress: 'ana@example.com', addresses: [address] })).get(address)

/** What must hold after these words, by the rule alone. */
function expected(words: readonly Word[]) {
  let reason: SuppressionReason | undefined
  let isUnsubscribed = false
  for (const word of words)
    if (word === 'undo') isUnsubscribed = false
    else if (word === 'unsubscribe') isUnsubscribed = true
    else reason ??= word
  if (reason === undefined) return isUnsubscribed ? { reason: 'unsubscribe', isAlso: false } : undefined
  return { reason, isAlso: isUnsubscribed }
}

describe('what is said of an address', () => {
  it('holds in every order of three words: only an unsubscription is its owner’s to take back', async () => {
    for (const first of WORDS)
      for (const second of WORDS)
        for (const third of WORDS) {
          const words = [first, second, third]
          for (const word of words) await say(word)
          const stored = await standing()
          const said =
            stored === undefined ? undefined : { reason: stored.reason, isAlso: stored.isAlsoUnsubscribed === true }
          expect({ words, said }).toEqual({ words, said: expected(words) })
          const all = (await listSuppressions(tenant.ctx, { limit: 10 })).suppressions
          for (const { suppressionId } of all) await liftSuppression(tenant.ctx, { suppressionId })
        }
  })

  it('holds when all of it is said at once', async () => {
    await Promise.all([say('unsubscribe'), say('hard_bounce'), say('unsubscribe'), say('hard_bounce')])
    expect(await standing()).toMatchObject({ reason: 'hard_bounce', isAlsoUnsubscribed: true })
  })

  it('is not lost when the row before it is lifted between two of our own writes', async () => {
    const made = await suppress(tenant.ctx, { address, reason: 'complaint', source: 'feedback' })
    const { table } = tenant.ctx
    const lifting: typeof table = {
      ...table,
      write: async (operation) => {
        if (operation.kind === 'update') await liftSuppression(tenant.ctx, made)
        await table.write(operation)
      },
    }
    await suppress({ ...tenant.ctx, table: lifting }, { address, reason: 'unsubscribe', source: 'page' })
    expect(await standing()).toMatchObject({ reason: 'unsubscribe', source: 'page' })
  })
})
