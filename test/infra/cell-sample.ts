import { createHash } from 'node:crypto'
import type { App } from 'aws-cdk-lib'
import { controlFunctionNames } from '#control-plane/manifest.ts'
import { CELL_FUNCTIONS } from '#infra/build/cell-functions.ts'
import { addBaseline } from '#infra/delivery/add-baseline.ts'
import type { DeliverySettings } from '#infra/delivery/delivery-settings.ts'
import { createApp, templatesOf } from '#infra/synthesise.ts'
import type { Template } from '#infra/template/template.ts'
import type { FunctionBundles } from '#shared/contracts/release.ts'

// The CDK's own validation takes two seconds a synthesis; `npm run synth` is the one that has it.
process.env.CDK_VALIDATION = 'false'

/** Code that nobody wrote: hashes of the functions' names. */
export const cellBundles: FunctionBundles = Object.fromEntries(
  [...CELL_FUNCTIONS, ...controlFunctionNames()].map((name) => [
    name,
    { sha256: createHash('sha256').update(name).digest('hex'), sizeBytes: 1, handler: `${name}.handler` },
  ]),
)

const site = (name: string, awsAccountId: string) => ({ name, awsAccountId, region: 'eu-west-1' })

export const sampleSettings: DeliverySettings = {
  delivery: { awsAccountId: '111111111111', region: 'eu-west-1' },
  controlPlane: { awsAccountId: '222222222222', region: 'eu-west-1' },
  cells: [site('canary', '333333333333'), site('one', '444444444444')],
  organizationId: 'o-abcdefghij',
  repository: 'example/convoke',
  branch: 'main',
  connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/one',
}

/** The stacks of a baseline, each by itself. */
export function baselineApp(): App {
  const app = createApp()
  addBaseline(app, { bundles: cellBundles, settings: undefined })
  return app
}

export function baselineTemplates(): ReadonlyMap<string, Template> {
  return new Map(templatesOf(baselineApp()).map(({ name, template }) => [name, template]))
}

export function templateIn(templates: ReadonlyMap<string, Template>, name: string): Template {
  const template = templates.get(name)
  if (template === undefined) throw new Error(`there is no stack ${name}`)
  return template
}
