import type { ApiScope } from '#shared/contracts/api.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { ApiKey, KeyFailure, newKeyOperations, secretKeyOf } from './api-key.ts'
import { allKeys } from './list-keys.ts'

type NewKey = {
  readonly label: string
  readonly scopes: readonly ApiScope[]
  /** Epoch seconds; absent: until it is revoked. */
  readonly expiresAt?: number | undefined
}

/** Who makes a key: another one, or an administrator who is signed in. */
export type Maker = { readonly scopes: readonly ApiScope[]; readonly expiresAt?: number | undefined }

/** Keys are read as one page, and nobody keeps track of more; revoked ones count, their rows stay for the list. */
const KEYS_MAX = 500

/** Mints a key; the secret is in the answer and nowhere else. */
export async function createApiKey(
  ctx: Ctx,
  input: NewKey,
): Promise<{ readonly apiKey: ApiKey; readonly secret: string }> {
  const secret = `cvk_${ctx.ids.newToken()}`
  const apiKey = await storeApiKey(ctx, { secret, ...input })
  return { apiKey, secret }
}

/**
 * The same on behalf of another key, which passes on no scope that it lacks and no longer life than it has.
 * Throws `key.scope_exceeded`, `key.outlives_maker`, `key.bad_expiry`, `key.too_many`.
 */
export async function createKeyBy(
  ctx: Ctx,
  maker: Maker,
  input: NewKey,
): Promise<{ readonly apiKey: ApiKey; readonly secret: string }> {
  assertCovers(maker, input.scopes)
  const { expiresAt } = input
  if (expiresAt !== undefined && expiresAt * 1000 <= ctx.clock.now())
    throw KeyFailure.bad_expiry('The key would have expired already.')
  if (maker.expiresAt !== undefined && (expiresAt === undefined || expiresAt > maker.expiresAt))
    throw KeyFailure.outlives_maker(
      `This key ends at ${new Date(maker.expiresAt * 1000).toISOString()}; a key that it makes must end by then as well.`,
    )
  if ((await allKeys(ctx)).length >= KEYS_MAX) throw KeyFailure.too_many(`There are ${KEYS_MAX} keys already.`)
  return createApiKey(ctx, input)
}

/** Throws `key.scope_exceeded` unless the key has every one of the scopes itself. */
export function assertCovers(maker: Pick<Maker, 'scopes'>, scopes: readonly ApiScope[]): void {
  const lacking = scopes.filter((scope) => !maker.scopes.includes(scope))
  if (lacking.length > 0)
    throw KeyFailure.scope_exceeded(`This key lacks ${lacking.join(', ')} itself and cannot hand that to anybody.`)
}

/**
 * Makes a given secret a key, once; used for the demo key, whose secret lies in a file of the data folder. One that is known stays as it
 * is, also when it was revoked.
 */
export async function storeApiKey(ctx: Ctx, input: NewKey & { readonly secret: string }): Promise<ApiKey> {
  const { secret, label, scopes, expiresAt } = input
  const apiKey: ApiKey = {
    keyId: ctx.ids.newId('key'),
    label,
    scopes: [...scopes],
    createdAt: ctx.clock.now(),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    isListed: true,
  }
  try {
    await ctx.table.transact(newKeyOperations(ctx, secret, apiKey))
    return apiKey
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return ApiKey.parse(await ctx.table.get(secretKeyOf(ctx.sha256(secret))))
  }
}
