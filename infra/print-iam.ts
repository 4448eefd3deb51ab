import { join } from 'node:path'
import { readBundles } from './read-bundles.ts'
import { tenantTemplate } from './synthesise.ts'
import { iamList } from './template/iam-list.ts'

/** `node infra/print-iam.ts > test/infra/iam-frozen.json`, once the difference that the test showed is what was meant. */
const bundles = readBundles(join(import.meta.dirname, '../dist/functions.json'))
process.stdout.write(`${JSON.stringify(iamList(tenantTemplate({ bundles, version: '0.0.0' })), null, 2)}\n`)
