import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ClaimProof, type Contest, type DomainClaim, decideClaim, decideContest, isBelow } from './decide-claim.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR
const now = Date.UTC(2026, 2, 2)
const asker = { licenseeId: 'lcs_b', tenantId: 'ten_b' }

function claimed(domainName: string, licenseeId = 'lcs_a', tenantId = 'ten_a'): DomainClaim {
  return { domainName, licenseeId, tenantId, claimedAt: now - 90 * DAY }
}

function proof(domainName: string, times: Partial<ClaimProof> = {}): ClaimProof {
  return { domainName, tokenIssuedAt: now - HOUR, seenAt: now - 60_000, ...times }
}

function decide(existingClaims: readonly DomainClaim[], proofs: readonly ClaimProof[] = []) {
  return decideClaim({ domainName: 'b.example.com', asker, existingClaims, proofs, now })
}

it('compares whole labels', () => {
  expect(isBelow('b.example.com', 'example.com')).toBe(true)
  expect(isBelow('notexample.com', 'example.com')).toBe(false)
  expect(isBelow('example.com', 'example.com')).toBe(false)
  expect(isBelow('example.com', '')).toBe(true)
  expect(isBelow('', '')).toBe(false)
})

it('a free name is claimed, also beside strangers that are no relatives', () => {
  expect(decide([])).toEqual({ kind: 'claim' })
  expect(decide([claimed('xb.example.com'), claimed('c.example.com')])).toEqual({ kind: 'claim' })
})

it("a licensee's own claims do not stand in his way, but a name has one tenant", () => {
  expect(decide([claimed('b.example.com', 'lcs_b', 'ten_b')])).toEqual({ kind: 'yours' })
  expect(decide([claimed('b.example.com', 'lcs_b', 'ten_c')])).toEqual({ kind: 'yours_elsewhere', tenantId: 'ten_c' })
  expect(decide([claimed('example.com', 'lcs_b', 'ten_c')])).toEqual({ kind: 'claim' })
})

it("below another's name both names have to be proven", () => {
  const parent = [claimed('example.com')]
  expect(decide(parent)).toEqual({
    kind: 'needs_proof',
    because: 'parent_claimed',
    at: ['b.example.com', 'example.com'],
  })
  expect(decide(parent, [proof('b.example.com')])).toMatchObject({ kind: 'needs_proof', at: ['example.com'] })
  expect(decide(parent, [proof('example.com')])).toMatchObject({ kind: 'needs_proof', at: ['b.example.com'] })
  expect(decide(parent, [proof('example.com'), proof('b.example.com')])).toEqual({ kind: 'claim' })
})

it("above another's name likewise", () => {
  const child = [claimed('a.b.example.com')]
  expect(decide(child)).toMatchObject({ because: 'child_claimed', at: ['b.example.com', 'a.b.example.com'] })
  expect(decide(child, [proof('b.example.com'), proof('a.b.example.com')])).toEqual({ kind: 'claim' })
})

it("another's very name is contested by a fresh token, and refused without", () => {
  const holder = claimed('b.example.com')
  expect(decide([holder])).toEqual({ kind: 'needs_proof', because: 'name_claimed', at: ['b.example.com'] })
  expect(decide([holder], [proof('b.example.com')])).toEqual({
    kind: 'contest',
    against: holder,
    unbindAt: now + 7 * DAY,
  })
  expect(decide([holder, claimed('example.com', 'lcs_c')], [proof('b.example.com')])).toMatchObject({
    kind: 'needs_proof',
    at: ['example.com'],
  })
})

it.each([
  ['seen too long ago', { seenAt: now - 25 * HOUR, tokenIssuedAt: now - 26 * HOUR }],
  ['of a token handed out too long ago', { tokenIssuedAt: now - 31 * DAY }],
  ['seen before its token was made', { seenAt: now - 2 * HOUR, tokenIssuedAt: now - HOUR }],
])('a proof %s proves nothing', (_, times) => {
  expect(decide([claimed('b.example.com')], [proof('b.example.com', times)])).toMatchObject({ kind: 'needs_proof' })
})

it("property: without fresh proofs nobody gets a name that touches a stranger's", () => {
  const label = fc.constantFrom('a', 'b', 'c')
  const name = fc.array(label, { minLength: 0, maxLength: 3 }).map((labels) => [...labels, 'example', 'com'].join('.'))
  const claims = fc.array(fc.tuple(name, fc.constantFrom('lcs_a', 'lcs_b', 'lcs_c')), { maxLength: 5 })
  fc.assert(
    fc.property(name, claims, fc.array(name, { maxLength: 5 }), (domainName, held, proven) => {
      const existingClaims = held.map(([one, licenseeId], at) => claimed(one, licenseeId, `ten_${at}`))
      const proofs = proven.map((one) => proof(one))
      const decision = decideClaim({ domainName, asker, existingClaims, proofs, now })
      const touched = existingClaims.filter(
        (claim) =>
          claim.licenseeId !== 'lcs_b' &&
          (claim.domainName === domainName ||
            isBelow(domainName, claim.domainName) ||
            isBelow(claim.domainName, domainName)),
      )
      const isProven = [domainName, ...touched.map((claim) => claim.domainName)].every((one) => proven.includes(one))
      if (decision.kind === 'claim') expect(touched.length === 0 || isProven).toBe(true)
      if (decision.kind === 'contest') expect(isProven).toBe(true)
      if (decision.kind === 'needs_proof') expect(isProven).toBe(false)
    }),
    { numRuns: 500, seed: 4 },
  )
})

const contest: Contest = { openedAt: now, unbindAt: now + 7 * DAY }
const warned: Contest = { ...contest, warnedAt: now + HOUR }
const fresh = (at: number): ClaimProof => ({ domainName: 'b.example.com', tokenIssuedAt: now, seenAt: at })

it('a contest warns, waits a whole period after the warning, then unbinds', () => {
  const step = (at: number, one: Contest) => decideContest({ contest: one, challengerProof: fresh(at), now: at })
  expect(step(now, contest)).toBe('warn')
  expect(step(now + 8 * DAY, contest)).toBe('warn')
  expect(step(now + 2 * HOUR, warned)).toBe('wait')
  expect(step(now + 7 * DAY, warned)).toBe('wait')
  expect(step(now + 7 * DAY + HOUR, warned)).toBe('unbind')
})

it('the owner keeps the name by a proof made since; the challenger loses his by taking the token away', () => {
  const at = now + 8 * DAY
  const ownerProof = fresh(at)
  expect(decideContest({ contest: warned, ownerProof, challengerProof: fresh(at), now: at })).toBe('owner_keeps')
  const old = { ...ownerProof, tokenIssuedAt: now - DAY }
  expect(decideContest({ contest: warned, ownerProof: old, challengerProof: fresh(at), now: at })).toBe('unbind')
  expect(decideContest({ contest: warned, challengerProof: fresh(at - 2 * DAY), now: at })).toBe('drop')
  expect(decideContest({ contest: warned, now: at })).toBe('drop')
})
