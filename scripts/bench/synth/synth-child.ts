import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readBundles } from '#infra/read-bundles.ts'
import { addTemplates, createApp } from '#infra/synthesise.ts'

/** Synthesises what its first argument names from the built functions of its second, and says how many seconds this process took for it and what came out. */
const [, , what, functionsFile = '', count = '1'] = process.argv
const app = createApp()
const bundles = readBundles(functionsFile)
if (what === 'tenant') addTemplates(app, { bundles, version: '0.0.0' })
else {
  const { CellStack } = await import('#infra/stacks/cell-stack.ts')
  for (let n = 1; n <= Number(count); n += 1) new CellStack(app, `cell-${n}`, { bundles })
}
const hash = createHash('sha256')
for (const { templateFullPath } of app.synth().stacks) hash.update(readFileSync(templateFullPath))
process.stdout.write(JSON.stringify({ seconds: performance.now() / 1000, hash: hash.digest('hex') }))
