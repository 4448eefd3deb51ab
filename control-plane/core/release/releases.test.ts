import { afterEach, describe, expect, it } from 'vitest'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { decideChangeSet } from './change-set-policy.ts'
import { currentRelease, decideUpdate, desireRelease, standsBeside } from './desire-release.ts'
import { decideDriftStanding, pickDriftSample } from './drift.ts'
import { openRing, registerRelease, withdrawRelease } from './register-release.ts'
import { compareVersions, getRelease, listReleases } from './release.ts'
import { decideGate, LAST_RING, ringOf, rings } from './rings.ts'

const HOUR = 3600_000

function manifest(version: string, letter = 'a') {
  return {
    version,
    gitSha: letter.repeat(40),
    templateSha256: letter.repeat(64),
    templateKey: `templates/${version}/${letter.repeat(64)}.json`,
    parameters: {},
    cellVersionMin: '1.0.0',
    cellVersionMax: '1.999.999',
    isBreaking: false,
    functions: {},
  }
}
const capacity = { atFirst: 96, raised: 480 }

const opened: ControlPlaneInMemory[] = []
afterEach(async () => {
  for (const { platform } of opened.splice(0)) await platform.close()
})
async function open() {
  const plane = await controlPlaneInMemory()
  opened.push(plane)
  return plane.ctxOf()
}

describe('the ledger of releases', () => {
  it('takes a release once, and refuses another content under its version', async () => {
    const ctx = await open()
    const first = await registerRelease(ctx, { manifest: manifest('1.0.0'), capacity })
    expect(await registerRelease(ctx, { manifest: manifest('1.0.0'), capacity })).toEqual(first)
    await expect(registerRelease(ctx, { manifest: manifest('1.0.0', 'b'), capacity })).rejects.toMatchObject({
      code: 'release.differs',
    })
  })

  it('opens rings one after the other, and stamps new tenants from what every ring has', async () => {
    const ctx = await open()
    for (const version of ['1.9.0', '1.10.0']) await registerRelease(ctx, { manifest: manifest(version), capacity })
    await expect(openRing(ctx, { releaseVersion: '1.10.0', ring: 2 })).rejects.toMatchObject({
      code: 'release.ring_not_next',
    })
    for (let ring = 0; ring <= LAST_RING; ring += 1) await openRing(ctx, { releaseVersion: '1.9.0', ring })
    await openRing(ctx, { releaseVersion: '1.10.0', ring: 0 })
    expect((await currentRelease(ctx))?.releaseVersion).toBe('1.9.0')
    expect((await listReleases(ctx)).map(({ releaseVersion }) => releaseVersion)).toEqual(['1.10.0', '1.9.0'])
  })

  it('moves nobody to a release that was withdrawn', async () => {
    const ctx = await open()
    await registerRelease(ctx, { manifest: manifest('1.0.0'), capacity })
    await withdrawRelease(ctx, { releaseVersion: '1.0.0', reason: 'it loses mail' })
    expect(await getRelease(ctx, '1.0.0')).toMatchObject({ isWithdrawn: true, withdrawnBecause: 'it loses mail' })
    await expect(openRing(ctx, { releaseVersion: '1.0.0', ring: 0 })).rejects.toMatchObject({
      code: 'release.withdrawn',
    })
    await expect(desireRelease(ctx, { tenantId: 'ten_x', releaseVersion: '1.0.0' })).rejects.toMatchObject({
      code: 'release.withdrawn',
    })
  })

  it('orders versions as semantic versioning does', () => {
    const ordered = [
      '1.0.0-1',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0',
      '1.2.0',
      '1.10.0',
    ]
    for (const [index, version] of ordered.entries())
      for (const [other, against] of ordered.entries())
        expect(Math.sign(compareVersions(version, against))).toBe(Math.sign(index - other))
  })

  it('stands beside baselines of its range alone', async () => {
    const ctx = await open()
    const release = await registerRelease(ctx, { manifest: manifest('1.0.0'), capacity })
    expect(['0.9.9', '1.0.0', '1.5.0', '2.0.0'].map((version) => standsBeside(release, version))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

describe('decisions about releases', () => {
  it('updates to what is wanted, back as well as forth, and not while pinned', () => {
    const tenant = { templateVersion: '1.0.0', desiredVersion: '1.1.0' }
    expect(decideUpdate(tenant, 0)).toEqual({ kind: 'update', isRollback: false, to: '1.1.0' })
    expect(decideUpdate({ templateVersion: '1.1.0', desiredVersion: '1.0.0' }, 0)).toMatchObject({ isRollback: true })
    expect(decideUpdate({ ...tenant, pinnedUntil: 10 }, 9)).toEqual({ kind: 'pinned' })
    expect(decideUpdate({ ...tenant, pinnedUntil: 10 }, 10)).toMatchObject({ kind: 'update' })
    expect(decideUpdate({ templateVersion: '1.0.0' }, 0)).toEqual({ kind: 'none' })
  })

  it('puts a hundredth and a tenth of the tenants into their rings', () => {
    const count = [0, 0, 0, 0, 0]
    for (let at = 0; at < 1000; at += 1) {
      const ring = ringOf({ tenantId: `ten_${at}`, isOwn: false, isFirst: false }, at / 1000)
      count[ring] = (count[ring] ?? 0) + 1
    }
    expect(count).toEqual([0, 0, 10, 90, 900])
    expect(ringOf({ tenantId: 'ten_1', isOwn: true, isFirst: false }, 0.9)).toBe(0)
  })

  it('opens the next ring when this one is done and has baked, stops at alarms and failures', () => {
    const done = { ring: 2, openedAt: 0, tenants: 100, updated: 100, failed: 0, alarms: 0 }
    expect(decideGate(done, 24 * HOUR)).toEqual({ kind: 'open_next', ring: 3 })
    expect(decideGate(done, 24 * HOUR - 1)).toEqual({ kind: 'wait', until: 24 * HOUR })
    expect(decideGate({ ...done, updated: 99 }, 48 * HOUR)).toEqual({ kind: 'wait' })
    expect(decideGate({ ...done, updated: 99, failed: 1 }, 48 * HOUR)).toMatchObject({ kind: 'open_next' })
    expect(decideGate({ ...done, updated: 98, failed: 2 }, 0)).toEqual({ kind: 'stop', because: 'failures' })
    expect(decideGate({ ...done, ring: 0, tenants: 3, failed: 1 }, 0)).toEqual({ kind: 'stop', because: 'failures' })
    expect(decideGate({ ...done, alarms: 1 }, 48 * HOUR)).toEqual({ kind: 'stop', because: 'alarms' })
    expect(decideGate({ ...done, ring: rings.length - 1 }, 0)).toEqual({ kind: 'finished' })
  })

  it('executes no change set that replaces or removes what holds state', () => {
    const change = (resourceType: string, action: string, replacement?: string) => ({
      logicalId: 'X',
      resourceType,
      action,
      ...(replacement === undefined ? {} : { replacement }),
    })
    expect(
      decideChangeSet([change('AWS::DynamoDB::Table', 'Add'), change('AWS::Lambda::Function', 'Remove')]).kind,
    ).toBe('allowed')
    expect(decideChangeSet([change('AWS::S3::Bucket', 'Modify', 'False')]).kind).toBe('allowed')
    for (const refused of [
      change('AWS::DynamoDB::Table', 'Remove'),
      change('AWS::S3::Bucket', 'Modify', 'True'),
      change('AWS::SQS::Queue', 'Modify', 'Conditional'),
      change('AWS::SES::Tenant', 'Dynamic'),
    ])
      expect(decideChangeSet([change('AWS::Lambda::Function', 'Modify', 'False'), refused])).toEqual({
        kind: 'refused',
        changes: [refused],
      })
  })

  it('looks at a twentieth of the stacks each night, at all within twenty, and tells of the second mismatch', () => {
    const tenants = Array.from({ length: 400 }, (_, at) => ({ tenantId: String(at), isChanged: at === 399 }))
    const placeOf = (tenantId: string) => Number(tenantId) / 400
    const seen = new Set<string>()
    for (let night = 0; night < 20; night += 1) {
      const sample = pickDriftSample(tenants, night, placeOf)
      expect(sample.length).toBeLessThanOrEqual(21)
      expect(sample.map(({ tenantId }) => tenantId)).toContain('399')
      for (const { tenantId } of sample) seen.add(tenantId)
    }
    expect(seen.size).toBe(400)
    expect(decideDriftStanding('in_sync', true)).toBe('drifted_once')
    expect(decideDriftStanding('drifted_once', true)).toBe('drifted')
    expect(decideDriftStanding('drifted_once', false)).toBe('in_sync')
  })
})
