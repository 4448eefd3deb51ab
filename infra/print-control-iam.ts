import { join } from 'node:path'
import { addBaseline } from './delivery/add-baseline.ts'
import { readBundles } from './read-bundles.ts'
import { createApp, templatesOf } from './synthesise.ts'
import { iamList } from './template/iam-list.ts'

/** `node infra/print-control-iam.ts > test/infra/control-iam-frozen.json`, once the difference that the test showed is what was meant. */
const bundles = readBundles(join(import.meta.dirname, '../dist/functions.json'))
const app = createApp()
addBaseline(app, { bundles, settings: undefined })
const ofControl = templatesOf(app).filter(
  ({ name }) => name === 'baseline-control-plane' || name === 'baseline-management',
)
const rights = ofControl.map(({ name, template }) => [
  name,
  iamList(template).map(({ role, action, resource }) => `${role} ${action} ${resource}`),
])
process.stdout.write(`${JSON.stringify(Object.fromEntries(rights), null, 2)}\n`)
