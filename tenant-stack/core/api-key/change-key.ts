import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import {
  findKeyRecord,
  isLive,
  KeyFailure,
  type KeyRecord,
  keyRecordKey,
  prefixOf,
  putRecord,
  secretKeyOf,
} from './api-key.ts'
import { assertCovers, type Maker } from './create-key.ts'
import { allKeys } from './list-keys.ts'

/** Who can make keys can make up for any that is lost. */
const RULING_SCOPE = 'keys:write'

/**
 * Gives a key a new secret; the one before lives on for the overlap, then ends by itself. At most two are live. With no overlap every
 * earlier secret ends at once. Throws `key.not_found`, `key.revoked`, `key.two_live`, `key.scope_exceeded` (its secret is all that
 * it can do), `key.changed_meanwhile`.
 */
export async function rotateKey(
  ctx: Ctx,
  maker: Maker,
  { keyId, overlapSeconds }: { readonly keyId: string; readonly overlapSeconds: number },
): Promise<{ readonly record: KeyRecord; readonly secret: string }> {
  const before = await getKeyRecord(ctx, keyId)
  if (!isLive(ctx, before)) throw KeyFailure.revoked('This key is revoked or has ended: create another.')
  assertCovers(maker, before.scopes)
  const nowSeconds = Math.floor(ctx.clock.now() / 1000)
  const standing = before.secrets.filter((one) => one.expiresAt === undefined || one.expiresAt > nowSeconds)
  const [ending] = standing.filter((one) => one.expiresAt !== undefined)
  if (ending !== undefined && overlapSeconds > 0)
    throw KeyFailure.two_live(
      `The secret before lives until ${new Date((ending.expiresAt ?? 0) * 1000).toISOString()}: rotate after that, or with an overlap of 0, which ends both at once.`,
    )
  const secret = `cvk_${ctx.ids.newToken()}`
  const hash = ctx.sha256(secret)
  const { label, scopes, createdAt, expiresAt } = before
  const endsAt = Math.min(nowSeconds + overlapSeconds, expiresAt ?? Number.MAX_SAFE_INTEGER)
  const kept = overlapSeconds === 0 ? [] : standing.map((one) => ({ ...one, expiresAt: endsAt }))
  const ends = expiresAt === undefined ? {} : { expiresAt }
  const record: KeyRecord = {
    ...before,
    secrets: [{ hash, prefix: prefixOf(secret), ...ends }, ...kept],
    version: before.version + 1,
  }
  await change(ctx, [
    putRecord(record, before),
    {
      kind: 'put',
      item: { ...secretKeyOf(hash), keyId, label, scopes, createdAt, ...ends, isListed: true },
      when: { row: 'absent' },
    },
    ...standing.map(
      (one): WriteOperation =>
        overlapSeconds === 0
          ? revokeSecret(ctx, one.hash)
          : { kind: 'update', key: secretKeyOf(one.hash), set: { expiresAt: endsAt }, when: { row: 'present' } },
    ),
  ])
  return { record, secret }
}

/**
 * Ends a key at once, with all its secrets; again it changes nothing. The last key that can make keys stays, unless it is forced: without it
 * nobody could make one by API any more. Throws `key.not_found`, `key.last_of_keys`, `key.changed_meanwhile`.
 */
export async function revokeKey(
  ctx: Ctx,
  { keyId, isForced }: { readonly keyId: string; readonly isForced: boolean },
): Promise<void> {
  const before = await getKeyRecord(ctx, keyId)
  if (before.revokedAt !== undefined) return
  const nowSeconds = Math.floor(ctx.clock.now() / 1000)
  const rules = before.scopes.includes(RULING_SCOPE) && isLive(ctx, before)
  const other = rules && !isForced ? await anotherRuler(ctx, keyId) : undefined
  if (rules && !isForced && other === undefined)
    throw KeyFailure.last_of_keys(
      `This is the last key with ${RULING_SCOPE} that does not end by itself: without it no key could be made by API any more. Create another first, or force it.`,
    )
  const standing = before.secrets.filter((one) => one.expiresAt === undefined || one.expiresAt > nowSeconds)
  await change(ctx, [
    putRecord({ ...before, revokedAt: ctx.clock.now(), version: before.version + 1 }, before),
    ...standing.map((one) => revokeSecret(ctx, one.hash)),
    // Two keys that revoke each other: one of them stays.
    ...(other === undefined ? [] : [stillRules(other)]),
  ])
}

async function getKeyRecord(ctx: Ctx, keyId: string): Promise<KeyRecord> {
  const record = await findKeyRecord(ctx, keyId)
  if (record === undefined) throw KeyFailure.not_found('There is no such key.')
  return record
}

async function anotherRuler(ctx: Ctx, keyId: string): Promise<KeyRecord | undefined> {
  return (await allKeys(ctx)).find(
    (one) =>
      one.keyId !== keyId &&
      one.revokedAt === undefined &&
      one.expiresAt === undefined &&
      one.scopes.includes(RULING_SCOPE),
  )
}

function stillRules({ keyId }: KeyRecord): WriteOperation {
  return {
    kind: 'check',
    key: keyRecordKey(keyId),
    when: { allOf: [{ row: 'present' }, { attribute: 'revokedAt', is: 'absent' }] },
  }
}

/** A secret that has run out meanwhile may be gone: it lets nobody in either way, and is not made anew. */
function revokeSecret(ctx: Ctx, hash: string): WriteOperation {
  return { kind: 'update', key: secretKeyOf(hash), set: { revokedAt: ctx.clock.now() }, when: { row: 'present' } }
}

async function change(ctx: Ctx, operations: readonly WriteOperation[]): Promise<void> {
  try {
    await ctx.table.transact(operations)
  } catch (error) {
    if (isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict'))
      throw KeyFailure.changed_meanwhile('The keys have changed meanwhile: look again.')
    throw error
  }
}
