import type { CfnCondition } from 'aws-cdk-lib'
import { CfnApiKey, type CfnStage, CfnUsagePlan, CfnUsagePlanKey } from 'aws-cdk-lib/aws-apigateway'
import { Construct } from 'constructs'

/** A tenant's integrations, not a flood: the account's 10,000 a second are everybody's. */
const REQUESTS_PER_SECOND = 50
const BURST_REQUESTS = 100

type Props = { readonly name: string; readonly stage: CfnStage; readonly condition: CfnCondition }

/** One gateway key with a usage plan: a throttle, never a credential. */
export class GatewayThrottle extends Construct {
  constructor(scope: Construct, id: string, { name, stage, condition }: Props) {
    super(scope, id)
    const plan = new CfnUsagePlan(this, 'Plan', {
      usagePlanName: name,
      apiStages: [{ apiId: stage.restApiId, stage: stage.ref }],
      throttle: { rateLimit: REQUESTS_PER_SECOND, burstLimit: BURST_REQUESTS },
    })
    const key = new CfnApiKey(this, 'Key', { name, enabled: true })
    const planKey = new CfnUsagePlanKey(this, 'PlanKey', { keyId: key.ref, keyType: 'API_KEY', usagePlanId: plan.ref })
    for (const part of [plan, key, planKey]) part.cfnOptions.condition = condition
  }
}
