import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { ApiKey, isLive, prefixOf, putRecord, SECRET, secretKeyOf } from './api-key.ts'

/** The live key of a presented secret; undefined for anything else. */
export async function findApiKey(ctx: Ctx, secret: string): Promise<ApiKey | undefined> {
  if (!SECRET.test(secret)) return undefined
  const row = await ctx.table.get(secretKeyOf(ctx.sha256(secret)))
  const apiKey = row === undefined ? undefined : ApiKey.parse(row)
  if (apiKey === undefined || !isLive(ctx, apiKey)) return undefined
  await noteUse(ctx, secret, apiKey)
  return apiKey
}

/** Notes the day of use: one write a day, whatever the number of calls. Nobody is refused because it failed. */
async function noteUse(ctx: Ctx, secret: string, apiKey: ApiKey): Promise<void> {
  const day = new Date(ctx.clock.now()).toISOString().slice(0, 10)
  if (apiKey.lastUsedDay !== undefined && apiKey.lastUsedDay >= day && apiKey.isListed === true) return
  const hash = ctx.sha256(secret)
  const used: WriteOperation = {
    kind: 'update',
    key: secretKeyOf(hash),
    set: { lastUsedDay: day, isListed: true },
    // A row that is gone must not come back, nor a revoked one be touched.
    when: { allOf: [{ row: 'present' }, { attribute: 'revokedAt', is: 'absent' }] },
  }
  try {
    if (apiKey.isListed === true) await ctx.table.write(used)
    else await ctx.table.transact([used, listed(apiKey, hash, secret)])
  } catch (error) {
    if (!isFailure(error)) throw error
    if (error.code !== 'table.condition_failed') ctx.log.warn({ at: 'key.use_not_noted', code: error.code })
  }
}

/** A key of the time before there was a list comes into it when it is used. */
function listed({ keyId, label, scopes, createdAt }: ApiKey, hash: string, secret: string): WriteOperation {
  const record = { keyId, label, scopes, createdAt, secrets: [{ hash, prefix: prefixOf(secret) }], version: 1 }
  return putRecord(record)
}
