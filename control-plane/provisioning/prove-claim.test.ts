import { afterEach, beforeEach, expect, it } from 'vitest'
import { askProof } from '#control-plane/core/domain/claim-ask.ts'
import { listProofs, type ProofRow } from '#control-plane/core/domain/claim-proof.ts'
import { readStanding } from '#control-plane/core/domain/claim-standing.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { createTextDns, type TextDns } from '#test/harness/dns/text-dns.ts'
import { type LookingCtx, proveClaim } from './prove-claim.ts'

const DAY_SECONDS = 24 * 3600
const registrableName = 'example.com'
let plane: ControlPlaneInMemory
let dns: TextDns
let ctx: LookingCtx
let holder = ''
let asker = ''

beforeEach(async () => {
  plane = await controlPlaneInMemory()
  dns = createTextDns()
  ctx = { ...plane.ctxOf(), dns: dns.dns }
  holder = (await registerLicensee(ctx, { name: 'Acme', billingEmail: 'pay@example.com' })).licenseeId
  asker = (await registerLicensee(ctx, { name: 'Bolt', billingEmail: 'pay@example.org' })).licenseeId
})
afterEach(() => plane.platform.close())

const claim = (licenseeId: string, domainName: string) =>
  registerTenant(ctx, { licenseeId, domainName, registrableName, placement: 'cell', dnsMode: 'manual', region: 'x' })
const ask = (domainName: string, licenseeId = asker) => askProof(ctx, { licenseeId, domainName, registrableName })
const prove = (domainName: string) => proveClaim(ctx, { licenseeId: asker, domainName })
const show = ({ token }: ProofRow, domainName: string, resolvers?: number) =>
  dns.enter(`_convoke-claim.${domainName}`, `convoke-claim=${token}`, resolvers)
const namesOf = async (proof: ProofRow) => (await readStanding(ctx, proof)).names.map(({ domainName }) => domainName)

it('below another’s name both names are proven, and then both licensees hold theirs', async () => {
  await claim(holder, 'example.com')
  const proof = await ask('b.example.com')
  expect(await namesOf(proof)).toEqual(['b.example.com', 'example.com'])
  show(proof, 'b.example.com')
  expect((await prove('b.example.com')).standing.decision).toMatchObject({ kind: 'needs_proof', at: ['example.com'] })
  await expect(claim(asker, 'b.example.com')).rejects.toMatchObject({ code: 'tenant.proof_needed' })
  show(proof, 'example.com')
  expect((await prove('b.example.com')).standing.decision).toEqual({ kind: 'claim' })
  await claim(asker, 'b.example.com')
})

it('names below are told to whoever has proven the name itself, and looked at in the same go', async () => {
  await claim(holder, 'secret-project.example.com')
  const proof = await ask('example.com')
  expect(await namesOf(proof)).toEqual(['example.com'])
  expect((await prove('example.com')).standing.names).toEqual([{ domainName: 'example.com' }])
  expect(dns.asked().join(' ')).not.toContain('secret-project')
  show(proof, 'example.com')
  show(proof, 'secret-project.example.com')
  expect((await prove('example.com')).standing.decision).toEqual({ kind: 'claim' })
  await claim(asker, 'example.com')
})

it('two of three resolvers have to see the token itself, at the name itself', async () => {
  await claim(holder, 'b.example.com')
  const proof = await ask('b.example.com')
  const kind = async () => (await prove('b.example.com')).standing.decision.kind
  show(proof, 'b.example.com', 1)
  expect(await kind()).toBe('needs_proof')
  dns.remove('_convoke-claim.b.example.com')
  dns.enter('_convoke-claim.b.example.com', `convoke-claim=${proof.token}x`)
  dns.enter('parked.example.net', `convoke-claim=${proof.token}`)
  expect(await kind()).toBe('needs_proof')
  dns.remove('_convoke-claim.b.example.com')
  dns.alias('_convoke-claim.b.example.com', 'parked.example.net')
  expect(await kind()).toBe('needs_proof')
  dns.remove('_convoke-claim.b.example.com')
  show(proof, 'b.example.com', 2)
  expect(await kind()).toBe('contest')
  dns.silence(true)
  expect(await kind()).toBe('contest')
})

it('another licensee’s token proves nothing', async () => {
  await claim(holder, 'b.example.com')
  await ask('b.example.com')
  const third = await registerLicensee(ctx, { name: 'Corp', billingEmail: 'pay@example.net' })
  show(await ask('b.example.com', third.licenseeId), 'b.example.com')
  expect((await prove('b.example.com')).standing.decision.kind).toBe('needs_proof')
})

it('a token is the same while it serves; after 30 days it is refused, though it is still shown', async () => {
  await claim(holder, 'b.example.com')
  const proof = await ask('b.example.com')
  show(proof, 'b.example.com')
  expect((await Promise.all([ask('b.example.com'), ask('b.example.com')])).map(({ token }) => token)).toEqual([
    proof.token,
    proof.token,
  ])
  plane.platform.clock.advance(10 * DAY_SECONDS)
  expect((await ask('b.example.com')).token).toBe(proof.token)
  plane.platform.clock.advance(14 * DAY_SECONDS)
  await prove('b.example.com')
  // A contest takes a week: a token that ends in it is replaced.
  await expect(claim(asker, 'b.example.com')).rejects.toMatchObject({
    code: 'tenant.proof_needed',
    message: expect.stringContaining('ends too soon'),
  })
  plane.platform.clock.advance(6 * DAY_SECONDS)
  await expect(prove('b.example.com')).rejects.toMatchObject({ code: 'claim.token_expired' })
  await expect(claim(asker, 'b.example.com')).rejects.toMatchObject({ code: 'tenant.proof_needed' })
  const next = await ask('b.example.com')
  expect(next.token).not.toBe(proof.token)
  expect((await prove('b.example.com')).standing.decision.kind).toBe('needs_proof')
})

it('what was seen a day ago has to be seen again', async () => {
  await claim(holder, 'example.com')
  const proof = await ask('b.example.com')
  show(proof, 'b.example.com')
  show(proof, 'example.com')
  await prove('b.example.com')
  plane.platform.clock.advance(DAY_SECONDS + 1)
  await expect(claim(asker, 'b.example.com')).rejects.toMatchObject({ code: 'tenant.proof_needed' })
  await prove('b.example.com')
  await claim(asker, 'b.example.com')
})

it('under another’s scope neither proof nor licensee exists, and looks are limited', async () => {
  await ask('b.example.com')
  const stranger: LookingCtx = { ...ctx, scope: { kind: 'licensee', licenseeId: holder } }
  for (const act of [askProof, proveClaim])
    await expect(
      act(stranger, { licenseeId: asker, domainName: 'b.example.com', registrableName }),
    ).rejects.toMatchObject({ code: 'licensee.not_found' })
  await expect(proveClaim(stranger, { licenseeId: holder, domainName: 'b.example.com' })).rejects.toMatchObject({
    code: 'claim.not_asked',
  })
  expect((await listProofs(ctx, { licenseeId: asker, limit: 10 })).proofs).toHaveLength(1)
  expect((await listProofs(ctx, { licenseeId: holder, limit: 10 })).proofs).toEqual([])
  for (let looks = 0; looks < 30; looks += 1) await prove('b.example.com')
  await expect(prove('b.example.com')).rejects.toMatchObject({ code: 'rate.too_many' })
})

it('twins that look at once both tell what they saw', async () => {
  await claim(holder, 'b.example.com')
  show(await ask('b.example.com'), 'b.example.com')
  const both = await Promise.all([prove('b.example.com'), prove('b.example.com')])
  expect(both.map(({ standing }) => standing.decision.kind)).toEqual(['contest', 'contest'])
})
