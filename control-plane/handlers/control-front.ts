import type { Hono } from 'hono'
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { createControlApi } from '#control-plane/api/app.ts'
import type { ApiEnv } from '#control-plane/api/env.ts'
import { type FrontDeps, wireFront } from '#control-plane/wire-aws.ts'
import { sourceAddressOf } from './source-address.ts'

const depsOf = wireFront(process.env)
const apps = new WeakMap<FrontDeps, Hono<ApiEnv>>()

/** The Lambda entry of API, sign-in pages and Stripe's webhook, behind API Gateway. */
export async function handler(gatewayEvent: LambdaEvent, lambdaContext: LambdaContext): Promise<unknown> {
  const deps = await depsOf()
  const app = apps.get(deps) ?? createControlApi({ ...deps, ipAddressOf: sourceAddressOf })
  apps.set(deps, app)
  return handle(app)(gatewayEvent, lambdaContext)
}
