import { statSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { AccountStack } from './stacks/account-stack.ts'
import { ControlPlaneStack } from './stacks/control-plane-stack.ts'
import { DomainStack } from './stacks/domain-stack.ts'
import { TenantStack } from './stacks/tenant-stack.ts'
import { Template } from './template/template.ts'

export type Release = { readonly bundles: FunctionBundles; readonly version: string }

/** An app of ours: nothing is looked up, nothing is reported, and the tree is not written beside the templates. */
export function createApp(outdir?: string): App {
  return new App({ analyticsReporting: false, treeMetadata: false, ...(outdir === undefined ? {} : { outdir }) })
}

/** The stacks that are published as templates: a tenant's, and a domain's for those who deploy by hand. */
export function addTemplates(app: App, release: Release): void {
  new TenantStack(app, 'convoke-tenant', release)
  new DomainStack(app, 'convoke-domain')
}

/** The app's templates by stack name, and the bytes of each as written. */
export function templatesOf(
  app: App,
): readonly { readonly name: string; readonly bytes: number; readonly template: Template }[] {
  return app.synth().stacks.map(({ stackName, template, templateFullPath }) => ({
    name: stackName,
    bytes: statSync(templateFullPath).size,
    template: Template.parse(template),
  }))
}

/** The tenant template alone. */
export function tenantTemplate(release: Release): Template {
  const app = createApp()
  new TenantStack(app, 'convoke-tenant', release)
  const [tenant] = templatesOf(app)
  if (tenant === undefined) throw new Error('the app has no stack')
  return tenant.template
}

/** The template of an account of one tenant alone. */
export function accountTemplate(bundles: FunctionBundles): Template {
  const app = createApp()
  new AccountStack(app, 'baseline-account', { bundles })
  const [account] = templatesOf(app)
  if (account === undefined) throw new Error('the app has no stack')
  return account.template
}

/** The control plane's template alone. */
export function controlTemplate(bundles: FunctionBundles): Template {
  const app = createApp()
  new ControlPlaneStack(app, 'baseline-control-plane', { bundles })
  const [controlPlane] = templatesOf(app)
  if (controlPlane === undefined) throw new Error('the app has no stack')
  return controlPlane.template
}
