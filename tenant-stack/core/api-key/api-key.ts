import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'

/** A key of the API: its secret is shown once and kept only as a hash. */
export const ApiKey = z.object({
  keyId: z.string(),
  label: z.string(),
  scopes: z.array(ApiScope),
  createdAt: z.number(),
  revokedAt: z.number().optional(),
})
export type ApiKey = z.infer<typeof ApiKey>

/** `cvk_` and 128 random bits in base32: known by its prefix to people and secret scanners. */
const SECRET = /^cvk_[0-9a-z]{26}$/

function secretKey(ctx: Ctx, secret: string) {
  return { pk: `key#${ctx.sha256(secret)}`, sk: 'key' }
}

/** Mints a key; the secret is in the answer and nowhere else. */
export async function createApiKey(
  ctx: Ctx,
  input: { readonly label: string; readonly scopes: readonly ApiScope[] },
): Promise<{ readonly apiKey: ApiKey; readonly secret: string }> {
  const secret = `cvk_${ctx.ids.newToken()}`
  const apiKey = await storeApiKey(ctx, { secret, ...input })
  return { apiKey, secret }
}

/** Makes a given secret a key, once; used for the demo key, whose secret lies in a file of the data folder. */
export async function storeApiKey(
  ctx: Ctx,
  input: { readonly secret: string; readonly label: string; readonly scopes: readonly ApiScope[] },
): Promise<ApiKey> {
  const apiKey: ApiKey = {
    keyId: ctx.ids.newId('key'),
    label: input.label,
    scopes: [...input.scopes],
    createdAt: ctx.clock.now(),
  }
  try {
    await ctx.table.write({
      kind: 'put',
      item: { ...secretKey(ctx, input.secret), ...apiKey },
      when: { row: 'absent' },
    })
    return apiKey
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return ApiKey.parse(await ctx.table.get(secretKey(ctx, input.secret)))
  }
}

/** The live key of a presented secret; undefined for anything else. */
export async function findApiKey(ctx: Ctx, secret: string): Promise<ApiKey | undefined> {
  if (!SECRET.test(secret)) return undefined
  const row = await ctx.table.get(secretKey(ctx, secret))
  const apiKey = row === undefined ? undefined : ApiKey.parse(row)
  return apiKey?.revokedAt === undefined ? apiKey : undefined
}
