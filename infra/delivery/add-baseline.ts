import type { App } from 'aws-cdk-lib'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { AccountStack } from '../stacks/account-stack.ts'
import { CellStack } from '../stacks/cell-stack.ts'
import { ControlPlaneStack } from '../stacks/control-plane-stack.ts'
import { ManagementStack } from '../stacks/management-stack.ts'
import { ReleaseStack } from '../stacks/release-stack.ts'
import { accountTemplate } from '../synthesise.ts'
import type { DeliverySettings } from './delivery-settings.ts'
import { DeliveryStack } from './delivery-stack.ts'

type Input = {
  readonly bundles: FunctionBundles
  /** Undefined for whoever does not deliver from this checkout. */
  readonly settings: DeliverySettings | undefined
}

/** What must stand before a tenant does, as templates for those who deploy by hand, and the pipeline for those who do not. */
export function addBaseline(app: App, { bundles, settings }: Input): void {
  new ReleaseStack(app, 'baseline-release')
  new ControlPlaneStack(app, 'baseline-control-plane', { bundles })
  new CellStack(app, 'baseline-cell', { bundles })
  new AccountStack(app, 'baseline-account', { bundles })
  new ManagementStack(app, 'baseline-management', { accountTemplate: accountTemplate(bundles) })
  if (settings !== undefined) new DeliveryStack(app, 'baseline-delivery', { settings, bundles })
}
