import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import { CELL_TABLE_SCOPE, cellRouteKey } from '#shared/contracts/cell-routes.ts'
import { createDynamoClient } from '#shared/platform/aws/dynamo-client.ts'
import { createDynamoTable } from '#shared/platform/aws/dynamo-table.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { wireAws } from '#tenant-stack/wire-aws.ts'
import type { Estate } from './estate.ts'
import type { Deployed } from './stacks.ts'

export type TenantOnAws = {
  readonly stack: Deployed
  readonly domainName: string
  readonly create: string
  /** What its functions are wired with, for a look at its rows as the account's root. */
  readonly ctx: Ctx
  /** Calls its API through API Gateway with a key of its own. */
  readonly api: (
    path: string,
    init?: { readonly method?: string; readonly body?: object; readonly key?: string },
  ) => Promise<{ readonly status: number; readonly body: Record<string, unknown> }>
  readonly key: string
}

/** Stamps a tenant from the published template, routes its domain to it, and mints a key, as engine and console would. */
export async function stampTenant(estate: Estate, name: string, tenantId: string): Promise<TenantOnAws> {
  const domainName = `${name}.example.net`
  const stack = await estate.stamp(`convoke-${name}`, estate.tenantParameters(tenantId, domainName))
  await createCellTable(estate).write({
    kind: 'put',
    item: {
      ...cellRouteKey(domainName),
      domainName,
      tenantId,
      bucketName: stack.outputs.BucketName ?? '',
      mailTopicArn: stack.outputs.MailTopicArn ?? '',
      status: 'active',
    },
  })
  const ctx = wireAws(await environmentOf(estate, `${stack.stackName}-front`))
  const { secret } = await createApiKey(ctx, {
    label: 'test',
    scopes: ApiScope.options,
  })
  const url = `${estate.emulator.endpoint}/restapis/${stack.outputs.RestApiId}/live/_user_request_`
  return {
    stack,
    domainName,
    create: `create@${domainName}`,
    ctx,
    key: secret,
    async api(path, { method = 'GET', body, key = secret } = {}) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) }
    },
  }
}

/** The rows of the cell, as the engine writes them. */
export function createCellTable({ cell }: Estate) {
  const client = createDynamoClient()
  return createDynamoTable({
    client,
    tableName: cell.outputs.CellTableName ?? '',
    tenantId: CELL_TABLE_SCOPE,
    clock: systemClock,
  })
}

/** The variables that a deployed function really has. */
export async function environmentOf({ aws }: Estate, functionName: string): Promise<Readonly<Record<string, string>>> {
  const { Environment } = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }))
  return Environment?.Variables ?? {}
}
