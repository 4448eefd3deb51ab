import { Aws, Fn } from 'aws-cdk-lib'
import { type ControlFunctionName, controlFunctions } from '#control-plane/manifest.ts'
import { type ControlVariables, controlSecretVariables } from '#shared/contracts/control-environment.ts'
import type { RestApi } from '../../constructs/rest-api.ts'
import { queueUrlPrefix } from '../tenant/environment.ts'
import type { ControlEstate } from './roles.ts'

type Variable = keyof typeof ControlVariables.shape

/** The variables of one function: settings, names, and where its own secrets are; the contract's schema reads them back in a test. */
export function controlVariables(
  name: ControlFunctionName,
  { parameters, messaging, table }: ControlEstate,
  publicUrl: string,
): Readonly<Record<string, string>> {
  const own = {
    CONVOKE_CONTROL_TABLE: table.ref,
    CONVOKE_CONTROL_QUEUE_URL_PREFIX: queueUrlPrefix(messaging.queue('provision').queueUrl),
    CONVOKE_CONTROL_URL: publicUrl,
    CONVOKE_CONTROL_CONFIGURATION_SET: Aws.STACK_NAME,
  } as const satisfies Partial<Record<Variable, string>>
  const secrets = controlFunctions[name].secrets.map((secret) => [
    controlSecretVariables[secret],
    parameters.secrets.get(secret) ?? '',
  ])
  return { ...own, ...Object.fromEntries(parameters.settings), ...Object.fromEntries(secrets) }
}

/** Without trailing slash: the vendor's own name, or what API Gateway gives. */
export function publicUrlOf({ parameters, conditions }: ControlEstate, restApi: RestApi): string {
  return Fn.conditionIf(conditions.hasDomain.logicalId, `https://${parameters.domainName}`, restApi.stageUrl).toString()
}
