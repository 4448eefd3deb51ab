import { Aws, type CfnCondition, Fn, type IResolvable } from 'aws-cdk-lib'
import { CfnMethod, CfnResource, type CfnRestApi } from 'aws-cdk-lib/aws-apigateway'
import type { Construct } from 'constructs'
import type { ApiRoute } from '../api-routes.ts'
import { pascalCase } from './names.ts'

type Input = {
  readonly rest: CfnRestApi
  readonly functionArn: string
  readonly routes: readonly ApiRoute[]
  /** Where it holds, the routes want a key of a usage plan; absent: never. */
  readonly keysWanted?: CfnCondition
}

/**
 * The tree of resources that the routes name, and ANY at each: all methods of a path lead to the same function, want the same key, and one that we do
 * not know is answered by us, in our words, and not by the gateway in its own.
 */
export function addMethods(scope: Construct, { rest, functionArn, routes, keysWanted }: Input): readonly CfnMethod[] {
  const uri = `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions/${functionArn}/invocations`
  const keyed = keysWanted === undefined ? false : Fn.conditionIf(keysWanted.logicalId, true, false)
  const resourceIds = resourceTree(scope, rest, [...routes.map(({ path }) => path), '/{proxy+}'])
  const method = (path: string, resourceId: string, apiKeyRequired: boolean | IResolvable) =>
    new CfnMethod(scope, `Any${idOf(path)}`, {
      restApiId: rest.ref,
      resourceId,
      httpMethod: 'ANY',
      authorizationType: 'NONE',
      apiKeyRequired,
      integration: { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri },
    })
  return [...resourceIds].map(([path, resourceId]) => {
    // Pages are for people, who have no key.
    const wantsKey = routes.some((route) => `${route.path}/`.startsWith(`${path}/`)) && path !== '' ? keyed : false
    return method(path, resourceId, wantsKey)
  })
}

/** Resource id of every path and of every path above it; the root is `''`. */
function resourceTree(scope: Construct, rest: CfnRestApi, paths: readonly string[]): ReadonlyMap<string, string> {
  const resourceIds = new Map([['', rest.attrRootResourceId]])
  for (const path of paths) {
    let above = ''
    for (const pathPart of path.split('/').slice(1)) {
      const here = `${above}/${pathPart}`
      const parentId = resourceIds.get(above) ?? rest.attrRootResourceId
      if (!resourceIds.has(here))
        resourceIds.set(
          here,
          new CfnResource(scope, `Path${idOf(here)}`, { restApiId: rest.ref, parentId, pathPart }).ref,
        )
      above = here
    }
  }
  return resourceIds
}

/** `/v1/events/{eventId}` → `V1EventsEventId`; the root is `Root`. */
function idOf(path: string): string {
  const words = path.split('/').map((part) => part.replaceAll(/[{}+]/g, ''))
  return path === '' ? 'Root' : words.map((word) => pascalCase(word)).join('')
}
