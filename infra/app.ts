import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import * as z from 'zod'
import { capacityOf } from './capacity.ts'
import { addBaseline } from './delivery/add-baseline.ts'
import { readDeliverySettings } from './delivery/delivery-settings.ts'
import { readBundles } from './read-bundles.ts'
import { addTemplates, createApp, templatesOf } from './synthesise.ts'
import { resourcesOf, type Template } from './template/template.ts'

const root = join(import.meta.dirname, '..')

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** `npm run synth`: writes every template to cdk.out and says what is in it. Needs no network and no account. */
function synth(): void {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const app = createApp(join(root, 'cdk.out'))
  const bundles = readBundles(join(root, 'dist/functions.json'))
  addTemplates(app, { bundles, version })
  addBaseline(app, { bundles, settings: readDeliverySettings(join(root, 'infra/delivery/settings.json')) })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  for (const { name, bytes, template } of templatesOf(app)) {
    const count = (type: string) => resourcesOf(template, type).length
    const resources = Object.keys(template.Resources).length
    print(
      `${name}: ${resources} resources, ${(bytes / 1024).toFixed(1)} KB, ${count('AWS::IAM::Role')} roles, ${count('AWS::Lambda::Function')} functions`,
    )
    if (name === 'convoke-tenant') printCapacity(template)
  }
}

function printCapacity(template: Template): void {
  const first = capacityOf(template, 'atFirst')
  const raised = capacityOf(template, 'raised')
  print(
    `  a cell holds ${first.tenants} tenants (${first.boundBy}), ${raised.tenants} with raised quotas (${raised.boundBy})`,
  )
}

try {
  synth()
} catch (error) {
  process.stderr.write(`synth: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
