import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { completeLockfile, missingPlatformPackages, readLockfile } from './complete-lockfile.ts'

const lockfile = (optionalDependencies: Record<string, string>) => ({
  name: 'some',
  version: '1.0.0',
  lockfileVersion: 3 as const,
  requires: true,
  packages: {
    '': { name: 'some' },
    'node_modules/tool': { version: '2.0.0', dev: true, license: 'MIT', optionalDependencies },
    'node_modules/@tool/linux-x64-gnu': { version: '2.0.0', integrity: 'sha512-x', optional: true },
  },
})

describe('the lockfile', () => {
  it('names every platform package, or npm ci refuses it (heal it: node scripts/check/complete-lockfile.ts)', () => {
    expect(missingPlatformPackages(readLockfile(join(import.meta.dirname, '..', '..', 'package-lock.json')))).toEqual(
      [],
    )
  })

  it('is completed for the platforms that are missing, and nothing else changes', () => {
    const given = lockfile({
      '@tool/darwin-arm64': '2.0.0',
      '@tool/linux-arm-musleabihf': '2.0.0',
      '@tool/linux-x64-gnu': '2.0.0',
      '@tool/linux-x64-musl': '2.0.0',
    })
    const completed = completeLockfile(given)
    expect(missingPlatformPackages(completed)).toEqual([])
    expect(completed.packages).toMatchObject(given.packages)
    const common = { version: '2.0.0', dev: true, license: 'MIT', optional: true }
    expect(completed.packages['node_modules/@tool/darwin-arm64']).toEqual({ ...common, cpu: ['arm64'], os: ['darwin'] })
    expect(completed.packages['node_modules/@tool/linux-arm-musleabihf']).toEqual({
      ...common,
      cpu: ['arm'],
      os: ['linux'],
    })
    expect(completed.packages['node_modules/@tool/linux-x64-musl']).toEqual({
      ...common,
      cpu: ['x64'],
      libc: ['musl'],
      os: ['linux'],
    })
  })

  it('is not guessed at when a package is no platform package or has no exact version', () => {
    expect(() => completeLockfile(lockfile({ fsevents: '2.3.3' }))).toThrow(/fsevents/)
    expect(() => completeLockfile(lockfile({ '@tool/win32-x64': '^2.0.0' }))).toThrow(/win32/)
  })
})
