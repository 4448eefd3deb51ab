import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import { createApi } from '#tenant-stack/api/app.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'

export type Answered = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Record<string, unknown>
}

/** Calls the tenant's API with a key of all scopes, or of some. */
export async function apiCaller(ctx: Ctx, scopes: readonly ApiScope[] = ApiScope.options) {
  const { secret } = await createApiKey(ctx, { label: 'test', scopes: [...scopes] })
  return async (
    method: string,
    path: string,
    init: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
  ): Promise<Answered> => {
    const response = await createApi(ctx).request(`/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const body = isJson ? z.record(z.string(), z.unknown()).parse(JSON.parse(text)) : {}
    return { status: response.status, headers: response.headers, text, body }
  }
}
