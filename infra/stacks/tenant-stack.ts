import { CfnOutput } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { apiPaths } from '../api-paths.ts'
import { GatewayThrottle } from '../constructs/gateway-throttle.ts'
import { nameInStack } from '../constructs/names.ts'
import { PlainStack } from '../constructs/plain-stack.ts'
import { RestApi } from '../constructs/rest-api.ts'
import { SharedLogGroup } from '../constructs/shared-log-group.ts'
import { WildcardDomain } from '../constructs/wildcard-domain.ts'
import { acknowledgeTenantFindings } from './tenant/acknowledged.ts'
import { tenantConditions, tenantRules } from './tenant/conditions.ts'
import { queueUrlPrefix, tenantVariables } from './tenant/environment.ts'
import { tenantFunctions } from './tenant/functions.ts'
import { outsidePublishers, tenantMail, tenantReceiptRule } from './tenant/mail.ts'
import { tenantMessaging } from './tenant/messaging.ts'
import { tenantParameters } from './tenant/parameters.ts'
import type { Estate } from './tenant/roles.ts'
import { tenantStorage } from './tenant/storage.ts'
import { tenantWatching } from './tenant/watching.ts'

/** A mailing's readers who open their pages at once; the account's 10,000 a second are those of a whole cell. */
const REQUESTS_PER_SECOND = 200
const BURST_REQUESTS = 400

type Props = {
  readonly bundles: FunctionBundles
  /** Version of the release that this template belongs to. */
  readonly version: string
}

/** The whole server of one tenant: one template for all of them, told apart by parameters. Nothing in it waits for a person. */
export class TenantStack extends PlainStack {
  constructor(scope: Construct, id: string, { bundles, version }: Props) {
    super(scope, id, { description: `Convoke tenant ${version}` })
    const parameters = tenantParameters(this)
    const conditions = tenantConditions(this, parameters)
    tenantRules(this, parameters)
    const messaging = tenantMessaging(this, outsidePublishers(parameters, conditions))
    const { table, bucket } = tenantStorage(this, parameters, conditions)
    const logGroup = new SharedLogGroup(this, 'Logs')
    const estate: Estate = { parameters, conditions, messaging, table, bucket, logGroup, version }
    const configurationSet = tenantMail(this, messaging, conditions)
    tenantReceiptRule(this, estate)
    const restApi = new RestApi(this, 'Api', {
      name: 'api',
      stageName: 'live',
      paths: apiPaths,
      throttle: { requestsPerSecond: REQUESTS_PER_SECOND, burstRequests: BURST_REQUESTS },
      keys: { wanted: conditions.isThrottled },
    })
    const { front, sweeps } = tenantFunctions(this, { estate, restApi, bundles })
    const stage = restApi.leadTo(front.attrArn)
    const wildcard = new WildcardDomain(this, 'Wildcard', {
      domainName: parameters.domainName,
      certificateArn: parameters.certificateArn,
      hostedZoneId: parameters.hostedZoneId,
      hosts: ['api', 'go', 'app'],
      stage,
      condition: conditions.hasCertificate,
      recordsCondition: conditions.hasZone,
    })
    new GatewayThrottle(this, 'Throttle', { name: nameInStack('throttle'), stage, condition: conditions.isThrottled })
    tenantWatching(this, estate, sweeps)
    acknowledgeTenantFindings(this)
    const variables = tenantVariables(estate, restApi)
    const outputs = {
      ApiUrl: variables.CONVOKE_API_URL ?? '',
      PagesUrl: variables.CONVOKE_PAGES_URL ?? '',
      RestApiId: restApi.restApiId,
      TableName: table.ref,
      BucketName: bucket.ref,
      MailTopicArn: messaging.topic('mail-received').topicArn,
      SendEventsTopicArn: messaging.topic('send-events').topicArn,
      ConfigurationSetName: configurationSet.ref,
      QueueUrlPrefix: queueUrlPrefix(messaging.queue('inlet').queueUrl),
      TemplateVersion: version,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
    // For who enters the address records of api, go and app himself.
    new CfnOutput(this, 'RegionalDomainName', {
      value: wildcard.regionalDomainName,
      condition: conditions.hasCertificate,
    })
  }
}
