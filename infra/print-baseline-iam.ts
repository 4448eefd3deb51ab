import { join } from 'node:path'
import { addBaseline } from './delivery/add-baseline.ts'
import { readBundles } from './read-bundles.ts'
import { createApp, templatesOf } from './synthesise.ts'
import { baselineRights } from './template/baseline-iam.ts'

/** `node infra/print-baseline-iam.ts > test/infra/cell-iam-frozen.json`, once the difference that the test showed is what was meant. */
const bundles = readBundles(join(import.meta.dirname, '../dist/functions.json'))
const app = createApp()
addBaseline(app, { bundles, settings: undefined })
const withRoles = templatesOf(app).filter(({ name }) => name === 'baseline-cell' || name === 'baseline-account')
const rights = withRoles.map(({ name, template }) => [
  name,
  baselineRights(template).map(({ role, action, resource }) => `${role} ${action} ${resource}`),
])
process.stdout.write(`${JSON.stringify(Object.fromEntries(rights), null, 2)}\n`)
