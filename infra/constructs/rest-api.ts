import { createHash } from 'node:crypto'
import { Aws, type CfnCondition, type CfnResource, Fn, Stack } from 'aws-cdk-lib'
import { CfnDeployment, CfnGatewayResponse, type CfnMethod, CfnRestApi, CfnStage } from 'aws-cdk-lib/aws-apigateway'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { ApiRoute } from '../api-routes.ts'
import { addMethods } from './api-methods.ts'
import { nameInStack } from './names.ts'

/** Bodies that are not text; everything else passes unchanged. */
const BINARY_MEDIA_TYPES = ['application/octet-stream', 'image/*', 'multipart/form-data']

/** What API Gateway refuses by itself, in the form of our own answers (RFC 9457) less the status, which its templates do not know. */
const PROBLEM =
  '{"type":"urn:convoke:problem:api.gateway","title":$context.error.messageString,"code":"api.gateway","request_id":"$context.requestId"}'

type Props = {
  /** Name within the stack. */
  readonly name: string
  readonly stageName: string
  readonly routes: readonly ApiRoute[]
  /** Absent: nothing ever wants a key of a usage plan. */
  readonly keys?: {
    /** Where it holds, the listed routes want one. */
    readonly wanted: CfnCondition
    /** Its opposite. */
    readonly notWanted: CfnCondition
  }
}

/** A regional REST API: listed routes, and a catch-all so that any other path is answered by the same function. */
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
    })
    this.restApiId = this.rest.ref
    this.stageUrl = `https://${this.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${props.stageName}`
  }

  /** Leads every path to the function and opens the stage; apart from the constructor, because the function is told the stage's URL. */
  leadTo(functionArn: string): CfnStage {
    const { rest, restApiId } = this
    const { stageName, routes, keys } = this.props
    const methods = addMethods(this, {
      rest,
      functionArn,
      routes,
      ...(keys === undefined ? {} : { keysWanted: keys.wanted }),
    })
    const responses = ['DEFAULT_4XX', 'DEFAULT_5XX'].map(
      (responseType) =>
        new CfnGatewayResponse(this, responseType, {
          restApiId,
          responseType,
          responseTemplates: { 'application/json': PROBLEM },
          responseParameters: { 'gatewayresponse.header.Content-Type': "'application/problem+json'" },
        }),
    )
    new CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${restApiId}/${stageName}/*`,
    })
    return new CfnStage(this, 'Stage', { restApiId, stageName, deploymentId: this.deploymentId(methods, responses) })
  }

  private deploymentId(methods: readonly CfnMethod[], responses: readonly CfnResource[]): string {
    const { keys } = this.props
    const hash = this.hashOf(methods)
    const open = this.deployment(`OpenDeployment${hash}`, keys?.notWanted, [...methods, ...responses])
    if (keys === undefined) return open.ref
    const keyed = this.deployment(`KeyedDeployment${hash}`, keys.wanted, [...methods, ...responses])
    return Fn.conditionIf(keys.wanted.logicalId, keyed.ref, open.ref).toString()
  }

  /** A deployment is a copy of the methods as they are: other methods, or other wishes for keys, need another one. */
  private deployment(id: string, condition: CfnCondition | undefined, parts: readonly CfnResource[]): CfnDeployment {
    const deployment = new CfnDeployment(this, id, { restApiId: this.restApiId })
    if (condition !== undefined) deployment.cfnOptions.condition = condition
    for (const part of parts) deployment.addResourceDependency(part)
    return deployment
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
    const shape = JSON.stringify(Stack.of(this).resolve([named, BINARY_MEDIA_TYPES, PROBLEM]))
    return createHash('sha256').update(shape).digest('hex').slice(0, 8)
  }
}
