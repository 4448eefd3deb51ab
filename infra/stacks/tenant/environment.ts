import { Aws, Fn } from 'aws-cdk-lib'
import type { TenantVariables } from '#shared/contracts/tenant-environment.ts'
import { topicArnOf } from '../../constructs/names.ts'
import type { RestApi } from '../../constructs/rest-api.ts'
import type { Estate } from './roles.ts'

type Variable = keyof typeof TenantVariables.shape

/** The variables of every function of a tenant; the contract's own schema reads them back in a test. */
export function tenantVariables(
  { parameters, conditions, messaging, table, bucket, version }: Estate,
  restApi: RestApi,
): Readonly<Record<string, string>> {
  const { domainName } = parameters
  const certified = (given: string, without: string) =>
    Fn.conditionIf(conditions.hasCertificate.logicalId, given, without).toString()
  const own = {
    CONVOKE_TENANT_ID: parameters.tenantId,
    CONVOKE_ENVIRONMENT: parameters.environment,
    CONVOKE_PLACEMENT: parameters.placement,
    CONVOKE_DOMAIN: domainName,
    CONVOKE_API_URL: certified(`https://api.${domainName}/v1`, `${restApi.stageUrl}/v1`),
    CONVOKE_PAGES_URL: certified(`https://go.${domainName}`, restApi.stageUrl),
    CONVOKE_TABLE: table.ref,
    CONVOKE_BUCKET: bucket.ref,
    CONVOKE_TOPIC_ARN_PREFIX: topicArnOf(''),
    CONVOKE_QUEUE_URL_PREFIX: queueUrlPrefix(messaging.queue('inlet').queueUrl),
    CONVOKE_CONFIGURATION_SET: Aws.STACK_NAME,
    CONVOKE_SES_TENANT: Aws.STACK_NAME,
    CONVOKE_LICENCE_KEYS: parameters.licenceKeys,
    CONVOKE_TEMPLATE_VERSION: version,
    CONVOKE_NOTICE_QUEUE_URL: parameters.tenantNoticeQueueUrl,
    CONVOKE_SENDS_PER_SECOND: parameters.sendsPerSecond,
    CONVOKE_SEND_RATE_TABLE: parameters.sendRateTable,
    CONVOKE_TEMPLATES: `s3://${bucket.ref}/${parameters.templatesPrefix}`,
  } as const satisfies Partial<Record<Variable, string>>
  return { ...own, ...Object.fromEntries(parameters.settings) }
}

/** From a real queue's URL, `https://<host>/<account>/<name>`: its host is AWS's affair. */
export function queueUrlPrefix(queueUrl: string): string {
  const parts = Fn.split('/', queueUrl)
  return `${Fn.select(0, parts)}//${Fn.select(2, parts)}/${Aws.ACCOUNT_ID}/${Aws.STACK_NAME}-`
}
