import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildFunctions } from './build-functions.ts'
import { weightOf } from './function-parts.ts'

const dist = join(import.meta.dirname, '..', '..', 'dist')

/** `npm run build`: one zip per function under its own hash, `dist/functions.json` that names them, and what each weighs. */
async function build(): Promise<void> {
  const { bundles, zips, files, metafile } = await buildFunctions()
  await rm(dist, { recursive: true, force: true })
  await mkdir(join(dist, 'functions'), { recursive: true })
  await mkdir(join(dist, 'code'), { recursive: true })
  for (const [name, bytes] of files) await writeFile(join(dist, 'code', name), bytes)
  for (const [sha256, zip] of zips) await writeFile(join(dist, 'functions', `${sha256}.zip`), zip)
  await writeFile(join(dist, 'metafile.json'), JSON.stringify(metafile))
  await writeFile(join(dist, 'functions.json'), `${JSON.stringify(bundles, undefined, 2)}\n`)
  say('function', 'zip KB', 'SDK KB', 'lazy KB', 'rest KB')
  for (const [name, { sizeBytes }] of Object.entries(bundles)) {
    const { sdkBytes, lazyBytes, restBytes } = weightOf(name, metafile)
    say(name, ...[sizeBytes, sdkBytes, lazyBytes, restBytes].map((bytes) => (bytes / 1024).toFixed(0)))
  }
}

function say(name: string, ...columns: readonly string[]): void {
  process.stdout.write(`${name.padEnd(20)}${columns.map((column) => column.padStart(9)).join('')}\n`)
}

await build()
