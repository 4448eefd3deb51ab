import { App } from 'aws-cdk-lib'
import { buildFunctions } from '#infra/build/build-functions.ts'
import type { ReleaseContent } from '#infra/delivery/release-content.ts'
import { AccountStack } from '#infra/stacks/account-stack.ts'
import { CellStack } from '#infra/stacks/cell-stack.ts'
import { DomainStack } from '#infra/stacks/domain-stack.ts'
import { ManagementStack } from '#infra/stacks/management-stack.ts'
import { ReleaseStack } from '#infra/stacks/release-stack.ts'
import { accountTemplate, tenantTemplate } from '#infra/synthesise.ts'
import { Template } from './for-emulator.ts'

export type BuiltRelease = ReleaseContent & {
  readonly cellTemplate: Template
  readonly releaseTemplate: Template
  readonly domainTemplate: Template
  readonly accountTemplate: Template
  readonly managementTemplate: Template
}

/** Everything as `npm run build` and `npm run synth` make it, in this process. */
export async function buildRelease(version: string): Promise<BuiltRelease> {
  const { bundles: functions, zips } = await buildFunctions()
  const app = new App({ analyticsReporting: false })
  new ReleaseStack(app, 'release')
  new DomainStack(app, 'domain')
  new CellStack(app, 'cell', { bundles: functions })
  new AccountStack(app, 'account', { bundles: functions })
  new ManagementStack(app, 'management', { accountTemplate: accountTemplate(functions) })
  const stacks = app.synth().stacks
  const templateOf = (name: string) => Template.parse(stacks.find(({ id }) => id === name)?.template)
  return {
    functions,
    template: JSON.stringify(tenantTemplate({ bundles: functions, version })),
    readZip: async (sha256) => {
      const zip = zips.get(sha256)
      if (zip === undefined) throw new Error(`no zip ${sha256}`)
      return zip
    },
    cellTemplate: templateOf('cell'),
    releaseTemplate: templateOf('release'),
    domainTemplate: templateOf('domain'),
    accountTemplate: templateOf('account'),
    managementTemplate: templateOf('management'),
  }
}
