import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

export const root = join(import.meta.dirname, '..', '..', '..')

const PackageJson = z.object({
  imports: z.record(z.string(), z.string()),
  scripts: z.object({ boundaries: z.string() }),
  dependencies: z.record(z.string(), z.string()),
})
export const packageJson = PackageJson.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

/** The folders that `npm run boundaries` looks at, so that a folder left out of the script fails this test. */
const folders = packageJson.scripts.boundaries
  .split(' ')
  .filter((word) => /^[a-z][a-z-]*$/.test(word) && word !== 'depcruise')

const Config = z.object({ default: z.object({ forbidden: z.array(z.object({ name: z.string() })) }) })
export const ruleNames = Config.parse(await import(join(root, '.dependency-cruiser.mjs'))).default.forbidden.map(
  (rule) => rule.name,
)

const Cruise = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
  modules: z.array(z.object({ source: z.string(), dependents: z.array(z.string()).default([]) })),
})
export type Cruise = z.infer<typeof Cruise>

/** Runs the project's own import rules over the tree at `directory`, as `npm run boundaries` does. */
export function cruise(directory: string): Cruise {
  // The exit code counts violations, which here are wanted: only the report is read.
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      join(root, '.dependency-cruiser.mjs'),
      '--output-type',
      'json',
      ...folders,
    ],
    { cwd: directory, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  return Cruise.parse(JSON.parse(stdout))
}

/** Packages the rules name; stubs, because some are not installed yet and all must resolve alike. */
const STUBS = [
  'zod',
  'temporal-polyfill',
  'rrule-temporal',
  'sanitize-html',
  'ical.js',
  'mailparser',
  '@zone-eu/mailsplit',
  'nodemailer',
  'smtp-server',
  'mailauth',
  'hono',
  '@hono/zod-openapi',
  '@hono/node-server',
  'stripe',
  'dns-packet',
  '@scalar/fastify-api-reference',
  'better-auth',
  '@better-auth/passkey',
  '@aws-sdk/client-s3',
  '@smithy/types',
  '@aws-lambda-powertools/logger',
  'aws-cdk-lib',
  'constructs',
  'cdk-nag',
]
const DEV_STUBS = ['postal-mime', 'fast-check']

/** Writes `files` (path → text) as a tree with the project's package.json imports; calls `use` on it; removes it. */
export function withMiniature<T>(files: ReadonlyMap<string, string>, use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'convoke-import-rules-'))
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  try {
    const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1.0.0']))
    put(
      'package.json',
      JSON.stringify({
        name: 'miniature',
        type: 'module',
        imports: packageJson.imports,
        dependencies: versions(STUBS),
        devDependencies: versions(DEV_STUBS),
      }),
    )
    copyFileSync(join(root, 'tsconfig.base.json'), join(directory, 'tsconfig.base.json'))
    for (const name of [...STUBS, ...DEV_STUBS]) {
      put(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'dist/index.js' }))
      for (const file of ['dist/index.js', 'lib/addressparser/index.js', 'client.js'])
        put(`node_modules/${name}/${file}`, 'exports.thing = 1\n')
    }
    for (const folder of folders) put(`${folder}/README.md`, '')
    for (const [path, text] of files) put(path, text)
    return use(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
