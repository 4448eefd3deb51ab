import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

// Records keep the order of a package's fields, so that completing changes nothing else.
const Entry = z.record(z.string(), z.unknown())
const Lockfile = z.object({
  name: z.string(),
  version: z.string(),
  lockfileVersion: z.literal(3),
  requires: z.boolean(),
  packages: z.record(z.string(), Entry),
})
type Lockfile = z.infer<typeof Lockfile>

type PlatformPackage = { readonly parent: string; readonly name: string; readonly version: string }

const Dependencies = z.record(z.string(), z.string()).default({})
const systems = /(?:^|[-/])(android|darwin|freebsd|linux|openharmony|win32|aix|netbsd|openbsd|sunos)(?:-|$)/
const processors = /-(arm64|x64|arm|ia32|ppc64|riscv64|s390x|loong64|mips64el)(?:-|$)/

/**
 * Platform packages that dependencies name and the lockfile does not. npm leaves out those that its registry could not give
 * when the lockfile was written, and `npm ci` then refuses the whole lockfile, on every machine.
 */
export function missingPlatformPackages({ packages }: Lockfile): readonly PlatformPackage[] {
  return Object.entries(packages).flatMap(([parent, entry]) =>
    Object.entries(Dependencies.parse(entry.optionalDependencies)).flatMap(([name, version]) => {
      const isThere = `node_modules/${name}` in packages || `${parent}/node_modules/${name}` in packages
      return isThere ? [] : { parent, name, version }
    }),
  )
}

/** The lockfile with an entry for each of them: pinned as its parent pins it, bound to its platform, so that other machines skip it. */
export function completeLockfile(lockfile: Lockfile): Lockfile {
  const added = missingPlatformPackages(lockfile).map(({ parent, name, version }) => {
    const os = systems.exec(name)?.[1]
    const cpu = processors.exec(name)?.[1]
    if (!/^\d+\.\d+\.\d+/.test(version) || os === undefined || cpu === undefined)
      throw new Error(`${name}@${version} of ${parent} is not one version for one platform: npm install has to add it`)
    const { dev, license } = lockfile.packages[parent] ?? {}
    const libc = name.endsWith('-musl') ? ['musl'] : name.endsWith('-gnu') ? ['glibc'] : undefined
    const fields = { version, cpu: [cpu], dev, libc, license, optional: true, os: [os] }
    return [`node_modules/${name}`, fields] as const
  })
  const packages = [...Object.entries(lockfile.packages), ...added].toSorted(([a], [b]) => a.localeCompare(b, 'en'))
  return { ...lockfile, packages: Object.fromEntries(packages) }
}

export function readLockfile(path: string): Lockfile {
  return Lockfile.parse(JSON.parse(readFileSync(path, 'utf8')))
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '..', '..', 'package-lock.json')
  const lockfile = readLockfile(path)
  const missing = missingPlatformPackages(lockfile)
  if (missing.length > 0) writeFileSync(path, `${JSON.stringify(completeLockfile(lockfile), undefined, 2)}\n`)
  process.stdout.write(`${missing.length} platform packages added to package-lock.json\n`)
}
