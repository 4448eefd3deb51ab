import { describe, expect, it } from 'vitest'
import { accountsWanted, decideCreation } from './decide-pool.ts'

const wanted = { state: 'wanted', poolAccountId: 'acc_1' } as const

describe('the warm pool', () => {
  it('begins as many accounts as are missing, and none for those that are taken or closed', () => {
    expect(accountsWanted([], 2, 0)).toBe(2)
    expect(accountsWanted([{ state: 'ready' }, { state: 'creating' }], 2, 0)).toBe(0)
    expect(accountsWanted([{ state: 'taken' }, { state: 'closed' }], 1, 1)).toBe(2)
  })

  it('asks for one account at a time', () => {
    expect(decideCreation(wanted, [], 0, false)).toBe('ask')
    expect(decideCreation(wanted, [{ state: 'creating', poolAccountId: 'acc_2' }], 0, false)).toBe('wait_for_other')
    expect(decideCreation(wanted, [{ state: 'wanted', askedAt: 0, poolAccountId: 'acc_2' }], 0, false)).toBe(
      'wait_for_other',
    )
    expect(decideCreation(wanted, [{ state: 'ready', poolAccountId: 'acc_2' }], 0, false)).toBe('ask')
  })

  it('looks after an unclear answer, and asks again only when the effect would have to be seen', () => {
    const asked = { ...wanted, askedAt: 1000 }
    expect(decideCreation(asked, [], 2000, false)).toBe('look')
    expect(decideCreation(asked, [], 2000, true)).toBe('wait_until_visible')
    expect(decideCreation(asked, [], 1000 + 300_000, true)).toBe('ask')
  })
})
