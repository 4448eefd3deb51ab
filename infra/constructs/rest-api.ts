import { createHash } from 'node:crypto'
import { Aws, CfnCondition, type CfnResource, Fn, Stack } from 'aws-cdk-lib'
import { CfnDeployment, CfnGatewayResponse, type CfnMethod, CfnRestApi, CfnStage } from 'aws-cdk-lib/aws-apigateway'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { addMethods } from './api-methods.ts'
import { nameInStack } from './names.ts'

/**
 * Every body passes as the bytes it is: a list in an old charset is not taken for broken UTF-8, and an answer that comes ready gzipped goes
 * out so. API Gateway asks the first type of `Accept` whether an answer may be bytes, and for a script a browser says any.
 */
const BINARY_MEDIA_TYPES = ['*/*']

/** What API Gateway refuses by itself, in the form of our own answers (RFC 9457) less the status, which its templates do not know. */
const PROBLEM =
  '{"type":"urn:convoke:problem:api.gateway","title":$context.error.messageString,"code":"api.gateway","request_id":"$context.requestId"}'

/** What it refuses with, and its header fields: a throttle of so many a second is over in one (RFC 6585 §4). */
const RESPONSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DEFAULT_4XX: {},
  DEFAULT_5XX: {},
  THROTTLED: { 'gatewayresponse.header.Retry-After': "'1'" },
}

type Props = {
  /** Name within the stack. */
  readonly name: string
  readonly stageName: string
  readonly paths: readonly string[]
  /** Of all who ask together: the account's 10,000 requests a second are everybody's. */
  readonly throttle: { readonly requestsPerSecond: number; readonly burstRequests: number }
  /** Where it holds, the API has a name of its own and API Gateway's address is closed; absent: it stays open. */
  readonly hasOwnName?: CfnCondition
  /** Absent: nothing ever wants a key of a usage plan. */
  readonly keys?: {
    /** Where it holds, the listed paths want one. */
    readonly wanted: CfnCondition
  }
}

/** A regional REST API: listed paths, and a catch-all so that any other path is answered by the same function. */
export class RestApi extends Construct {
  readonly restApiId: string
  /** Address of the stage, without trailing slash. */
  readonly stageUrl: string
  private readonly rest: CfnRestApi
  private readonly props: Props

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id)
    this.props = props
    this.rest = new CfnRestApi(this, 'Rest', {
      name: nameInStack(props.name),
      endpointConfiguration: { types: ['REGIONAL'] },
      binaryMediaTypes: BINARY_MEDIA_TYPES,
      ...(props.hasOwnName === undefined
        ? {}
        : { disableExecuteApiEndpoint: Fn.conditionIf(props.hasOwnName.logicalId, true, false) }),
    })
    this.restApiId = this.rest.ref
    this.stageUrl = `https://${this.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${props.stageName}`
  }

  /** Leads every path to the function and opens the stage; apart from the constructor, because the function is told the stage's URL. */
  leadTo(functionArn: string): CfnStage {
    const { rest, restApiId } = this
    const { stageName, paths, keys, throttle } = this.props
    const methods = addMethods(this, {
      rest,
      functionArn,
      paths,
      ...(keys === undefined ? {} : { keysWanted: keys.wanted }),
    })
    const responses = Object.entries(RESPONSES).map(
      ([responseType, headers]) =>
        new CfnGatewayResponse(this, responseType, {
          restApiId,
          responseType,
          responseTemplates: { 'application/json': PROBLEM },
          responseParameters: { 'gatewayresponse.header.Content-Type': "'application/problem+json'", ...headers },
        }),
    )
    new CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${restApiId}/${stageName}/*`,
    })
    return new CfnStage(this, 'Stage', {
      restApiId,
      stageName,
      deploymentId: this.deploymentId([...methods, ...responses], this.hashOf(methods)),
      methodSettings: [
        {
          httpMethod: '*',
          resourcePath: '/*',
          throttlingRateLimit: throttle.requestsPerSecond,
          throttlingBurstLimit: throttle.burstRequests,
        },
      ],
    })
  }

  /**
   * A deployment is a copy of the API as it is: other methods, other wishes for keys, or an address that is closed, need another one
   * (API Gateway, "Disable the default endpoint": it counts once the API is deployed again).
   */
  private deploymentId(parts: readonly CfnResource[], hash: string): string {
    const { keys, hasOwnName } = this.props
    const variants = (keys === undefined ? [undefined] : [undefined, keys.wanted]).map((wanted) => {
      const [open = '', named = open] = (hasOwnName === undefined ? [false] : [false, true]).map((isNamed) => {
        const name = `${wanted === undefined ? 'Open' : 'Keyed'}${isNamed ? 'Named' : ''}`
        const deployment = new CfnDeployment(this, `${name}Deployment${hash}`, { restApiId: this.restApiId })
        const condition = this.variant(name, wanted, isNamed)
        if (condition !== undefined) deployment.cfnOptions.condition = condition
        for (const part of parts) deployment.addResourceDependency(part)
        return deployment.ref
      })
      return hasOwnName === undefined ? open : Fn.conditionIf(hasOwnName.logicalId, named, open).toString()
    })
    const [open = '', keyed = open] = variants
    return keys === undefined ? open : Fn.conditionIf(keys.wanted.logicalId, keyed, open).toString()
  }

  private variant(name: string, wanted: CfnCondition | undefined, isNamed: boolean): CfnCondition | undefined {
    const { keys, hasOwnName } = this.props
    const ofName = hasOwnName === undefined ? [] : [isNamed ? hasOwnName : Fn.conditionNot(hasOwnName)]
    const ofKeys = keys === undefined ? [] : [wanted ?? Fn.conditionNot(keys.wanted)]
    const [one, other] = [...ofName, ...ofKeys]
    if (one === undefined || (other === undefined && one instanceof CfnCondition))
      return one instanceof CfnCondition ? one : undefined
    return new CfnCondition(this, `Is${name}`, { expression: other === undefined ? one : Fn.conditionAnd(one, other) })
  }

  /** Names everything that a deployment copies: what is not named here would stay as it was. */
  private hashOf(methods: readonly CfnMethod[]): string {
    const named = methods.map(({ httpMethod, resourceId, authorizationType, apiKeyRequired, integration }) => [
      httpMethod,
      resourceId,
      authorizationType,
      apiKeyRequired,
      integration,
    ])
    const shape = JSON.stringify(Stack.of(this).resolve([named, BINARY_MEDIA_TYPES, PROBLEM, RESPONSES]))
    return createHash('sha256').update(shape).digest('hex').slice(0, 8)
  }
}
