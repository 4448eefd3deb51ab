import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { withDelays } from '#test/harness/platform/delays.ts'
import type { Ctx } from '../context.ts'
import { registerLicensee } from '../licensee/register-licensee.ts'
import { registerTenant } from '../tenant/register-tenant.ts'
import { proofWrite } from './claim-proof.ts'
import { readClaimRegistry } from './claim-registry.ts'
import { isBelow } from './decide-claim.ts'
import { findClaim } from './domain-claim.ts'

let plane: ControlPlaneInMemory | undefined
afterEach(async () => {
  await plane?.platform.close()
  plane = undefined
})

const NAMES = ['example.com', 'b.example.com', 'a.b.example.com', 'c.example.com'] as const
const name = fc.constantFrom(...NAMES)
const licensee = fc.constantFrom(0, 1, 2)
type Wish = { readonly licensee: number; readonly domainName: string; readonly proven: readonly string[] }
const wish = fc.record({ licensee, domainName: name, proven: fc.subarray([...NAMES]) })

async function world(): Promise<{ readonly ctx: Ctx; readonly licensees: readonly string[] }> {
  plane = await controlPlaneInMemory()
  const ctx = plane.ctxOf()
  const licensees: string[] = []
  for (const called of ['A', 'B', 'C'])
    licensees.push((await registerLicensee(ctx, { name: called, billingEmail: 'pay@example.com' })).licenseeId)
  return { ctx, licensees }
}

/** The last proof of a name counts: it is one row of the licensee's. */
async function showProofs(ctx: Ctx, wishes: readonly Wish[], licensees: readonly string[]) {
  const proofs = new Map(wishes.map((one) => [`${one.licensee} ${one.domainName}`, one]))
  for (const { licensee: at, domainName, proven } of proofs.values()) {
    const now = ctx.clock.now()
    await ctx.table.write(
      proofWrite(undefined, {
        licenseeId: licensees[at] ?? '',
        domainName,
        registrableName: 'example.com',
        token: 'token',
        issuedAt: now,
        endsAt: now + 30 * 24 * 3600_000,
        seen: proven.map((one) => ({ domainName: one, seenAt: now })),
        version: 1,
      }),
    )
  }
  return (at: number, domainName: string): readonly string[] => proofs.get(`${at} ${domainName}`)?.proven ?? []
}

it('property: however claims race, no two strangers hold related names unless the later one had proven both', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { minLength: 2, maxLength: 6 }), fc.nat(), async (wishes, seed) => {
      const { ctx, licensees } = await world()
      const provenBy = await showProofs(ctx, wishes, licensees)
      const { platform } = plane ?? (await controlPlaneInMemory())
      const delayed = { ...ctx, table: withDelays(platform, seed).table }
      const results = await Promise.allSettled(
        wishes.map((one) =>
          registerTenant(delayed, {
            licenseeId: licensees[one.licensee] ?? '',
            domainName: one.domainName,
            registrableName: 'example.com',
            placement: 'cell',
            dnsMode: 'delegated',
            region: 'us-east-1',
          }),
        ),
      )
      const refusals = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason.code)] : []))
      for (const code of refusals)
        expect(code).toMatch(/^tenant\.(domain_taken|proof_needed|contested|changed_meanwhile)$/)
      const { claims } = await readClaimRegistry(ctx, 'example.com')
      expect(claims).toHaveLength(results.length - refusals.length)
      expect(claims.length).toBeGreaterThan(0)
      for (const [place, claim] of claims.entries()) {
        expect(await findClaim(ctx, claim.domainName)).toMatchObject({ tenantId: claim.tenantId })
        const strangers = claims
          .slice(0, place)
          .filter((before) => before.licenseeId !== claim.licenseeId && isRelated(before.domainName, claim.domainName))
        const proven = provenBy(licensees.indexOf(claim.licenseeId), claim.domainName)
        for (const { domainName } of strangers)
          expect(proven).toEqual(expect.arrayContaining([domainName, claim.domainName]))
      }
      expect(new Set(claims.map(({ domainName }) => domainName)).size).toBe(claims.length)
      await platform.close()
      plane = undefined
    }),
    { numRuns: 60, seed: 5 },
  )
})

function isRelated(one: string, other: string): boolean {
  return one === other || isBelow(one, other) || isBelow(other, one)
}

it('decides a name, its parent and its child one after the other, whoever is first', async () => {
  const winners = new Set<string>()
  for (let seed = 0; seed < 12; seed += 1) {
    const { ctx, licensees } = await world()
    const { platform } = plane ?? (await controlPlaneInMemory())
    const delayed = { ...ctx, table: withDelays(platform, seed).table }
    const results = await Promise.allSettled(
      ['example.com', 'b.example.com', 'a.b.example.com'].map((domainName, at) =>
        registerTenant(delayed, {
          licenseeId: licensees[at] ?? '',
          domainName,
          registrableName: 'example.com',
          placement: 'cell',
          dnsMode: 'manual',
          region: 'us-east-1',
        }),
      ),
    )
    const made = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value.claim.domainName)
    expect(made).toHaveLength(1)
    winners.add(made[0] ?? '')
    await platform.close()
    plane = undefined
  }
  expect(winners.size).toBeGreaterThan(1)
})
