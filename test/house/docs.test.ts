import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { EnvironmentVariables } from '#shared/contracts/environment.ts'
import { TenantVariables } from '#shared/contracts/tenant-environment.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'samples/README.md',
  '.env.example',
]
/** Product text that tells people what to type. */
const sources = ['scripts', 'tenant-stack/embedded'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
)

const Package = z.object({ scripts: z.record(z.string(), z.string()) })
const scripts = Package.parse(JSON.parse(read('package.json'))).scripts

/** All of `pattern`'s first groups in `paths` that `isThere` does not know, each with the file that names it. */
function missing(paths: readonly string[], pattern: RegExp, isThere: (found: string) => boolean): readonly string[] {
  return paths.flatMap((path) =>
    [...read(path).matchAll(pattern)].flatMap(([, found = '']) => (isThere(found) ? [] : `${path}: ${found}`)),
  )
}

describe('what the documents and the product tell people to type', () => {
  it('names samples that are there', () => {
    expect(
      missing([...documents, ...sources], /(samples\/[\w.-]+\.eml)/g, (path) => existsSync(join(root, path))),
    ).toEqual([])
  })

  it('names npm scripts that are there', () => {
    const isScript = (name: string) => name in scripts
    expect(missing([...documents, ...sources], /npm run ([a-z:]+)/g, isScript)).toEqual([])
  })

  it('links to files that are there', () => {
    expect(missing(documents, /\]\((?!https?:)([^)#]+)\)/g, (path) => existsSync(join(root, path)))).toEqual([])
  })

  it('names settings that are there', () => {
    const isSetting = (name: string) => name in EnvironmentVariables.shape || name in TenantVariables.shape
    expect(missing([...documents, ...sources], /\b(CONVOKE_[A-Z_]*[A-Z])\b/g, isSetting)).toEqual([])
  })
})
