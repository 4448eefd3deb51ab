import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'

/** What a presented secret stands for: one row for each secret, under its hash. */
export const ApiKey = z.object({
  keyId: z.string(),
  label: z.string(),
  scopes: z.array(ApiScope),
  createdAt: z.number(),
  revokedAt: z.number().optional(),
  /** Epoch seconds; the table returns no row past it. */
  expiresAt: z.number().optional(),
  /** UTC day of its last use, `YYYY-MM-DD`; absent: never used. */
  lastUsedDay: z.string().optional(),
  /** The key is known to the list of keys; absent of rows from before there was one. */
  isListed: z.boolean().optional(),
})
export type ApiKey = z.infer<typeof ApiKey>

/** A key as it is listed and changed: its secrets are known by their hashes alone. */
export const KeyRecord = z.object({
  keyId: z.string(),
  label: z.string(),
  scopes: z.array(ApiScope),
  createdAt: z.number(),
  revokedAt: z.number().optional(),
  /** Epoch seconds. */
  expiresAt: z.number().optional(),
  /** The newest first; an older one has an end. */
  secrets: z.array(z.object({ hash: z.string(), prefix: z.string(), expiresAt: z.number().exactOptional() })),
  /** Rises with each change: what concurrent changes collide on. */
  version: z.number(),
})
export type KeyRecord = z.infer<typeof KeyRecord>

export const KeyFailure = defineFailures('key', {
  not_found: { status: 404, retry: false },
  /** A key passes on what it has, no more. */
  scope_exceeded: { status: 403, retry: false },
  outlives_maker: { status: 403, retry: false },
  bad_expiry: { status: 422, retry: false },
  revoked: { status: 409, retry: false },
  two_live: { status: 409, retry: false },
  last_of_keys: { status: 409, retry: false },
  too_many: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
})

/** `cvk_` and 128 random bits in base32: known by its prefix to people and secret scanners. */
export const SECRET = /^cvk_[0-9a-z]{26}$/

/** So much of a secret is shown later: enough to tell two apart, with 100 bits left unknown. */
const PREFIX_CHARS = 'cvk_'.length + 4

export const KEYS = 'keys'

export function keyRecordKey(keyId: string): TableKey {
  return { pk: KEYS, sk: keyId }
}

export function secretKeyOf(hash: string): TableKey {
  return { pk: `key#${hash}`, sk: 'key' }
}

export function prefixOf(secret: string): string {
  return secret.slice(0, PREFIX_CHARS)
}

/** The two rows of a new key. */
export function newKeyOperations(ctx: Ctx, secret: string, apiKey: ApiKey): readonly WriteOperation[] {
  const hash = ctx.sha256(secret)
  const { keyId, label, scopes, createdAt, expiresAt } = apiKey
  const ends = expiresAt === undefined ? {} : { expiresAt }
  return [
    {
      kind: 'put',
      item: { ...secretKeyOf(hash), keyId, label, scopes, createdAt, ...ends, isListed: true },
      when: { row: 'absent' },
    },
    putRecord({
      keyId,
      label,
      scopes,
      createdAt,
      ...ends,
      secrets: [{ hash, prefix: prefixOf(secret), ...ends }],
      version: 1,
    }),
  ]
}

/** The row that lists a key; its end is told, not carried out: a key that has ended is still shown. */
export function putRecord(record: KeyRecord, before?: KeyRecord): WriteOperation {
  const { expiresAt, ...fields } = record
  return {
    kind: 'put',
    item: {
      ...keyRecordKey(record.keyId),
      ...fields,
      secrets: record.secrets.map((secret) => ({ ...secret })),
      ...(expiresAt === undefined ? {} : { endsAt: expiresAt }),
    },
    when: before === undefined ? { row: 'absent' } : { attribute: 'version', is: '=', value: before.version },
  }
}

/** Undefined: there is no such key. */
export async function findKeyRecord(ctx: Ctx, keyId: string): Promise<KeyRecord | undefined> {
  const row = await ctx.table.get(keyRecordKey(keyId))
  return row === undefined ? undefined : readRecord(row)
}

export function readRecord({ endsAt, ...row }: Readonly<Record<string, unknown>>): KeyRecord {
  return KeyRecord.parse({ ...row, ...(endsAt === undefined ? {} : { expiresAt: endsAt }) })
}

/** Whether a key lets anybody in now. */
export function isLive(ctx: Ctx, { revokedAt, expiresAt }: Pick<KeyRecord, 'revokedAt' | 'expiresAt'>): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt * 1000 > ctx.clock.now())
}
