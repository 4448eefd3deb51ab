import type { WriteOperation } from '#shared/platform/table.ts'
import type { AuditEntry } from '../audit/audit.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import {
  covers,
  fits,
  type Organization,
  organizationName,
  organizationNamed,
  type Role,
} from '../person/organization.ts'
import { versionedWrite } from '../versioned-write.ts'
import {
  type ControlKey,
  ControlKeyFailure,
  controlKeyKey,
  type Minter,
  mintedKeyKey,
  secretKey,
} from './control-key.ts'
import { getControlKey } from './key-store.ts'

/** A key without an end is one that nobody misses when it leaks. */
const KEY_MS = 365 * 24 * 3_600_000
/** How long a replaced key still works beside its successor. */
const OVERLAP_MS = 24 * 3_600_000

/** `by`: the role of whoever asks; he rules over keys that may do what he may, and no others. */
type OneKey = { readonly organization: Organization; readonly keyId: string; readonly by: Role }
/** `minter`: the person who gets the secret; undefined: nobody. */
type New = { readonly minter?: Minter | undefined }
type Minted = { readonly key: ControlKey; readonly secret: string }

/** Mints a key that may do what `role` may; the secret is in the answer and nowhere else. */
export async function mintControlKey(
  ctx: Ctx,
  input: {
    readonly organization: Organization
    readonly role: Role
    readonly label: string
    readonly by: Role
  } & New,
): Promise<Minted> {
  refuseMore(input.by, input.role)
  if (!fits(input.role, input.organization)) throw ControlKeyFailure.wrong_role(`No key here can be ${input.role}.`)
  const minted = freshKey(ctx, input)
  await commit(ctx, {
    operations: newKeyWrites(input.organization, minted.key),
    audit: auditOf('key.minted', input.organization, minted.key),
  })
  return minted
}

/** Mints a key's successor; the old one lives on for a day. Throws `key.not_found`, `key.replaced_already`. */
export async function rotateControlKey(ctx: Ctx, input: OneKey & New): Promise<Minted> {
  const { organization } = input
  const before = await getControlKey(ctx, organization, input.keyId)
  refuseMore(input.by, before.role)
  if (before.revokedAt !== undefined) throw ControlKeyFailure.not_found('There is no such key.')
  if (before.replacedBy !== undefined) throw ControlKeyFailure.replaced_already('This key has a successor already.')
  const minted = freshKey(ctx, {
    organization,
    role: before.role,
    label: before.label,
    minter: input.minter,
  })
  const after: ControlKey = {
    ...before,
    endsAt: Math.min(before.endsAt, ctx.clock.now() + OVERLAP_MS),
    replacedBy: minted.key.keyId,
    version: before.version + 1,
  }
  await commit(ctx, {
    operations: [
      versionedWrite(before, { ...controlKeyKey(organization, before.keyId), ...after }),
      ...newKeyWrites(organization, minted.key),
    ],
    audit: auditOf('key.rotated', organization, before),
  })
  return minted
}

/** Ends a key at once; again is nothing. Throws `key.not_found`. */
export async function revokeControlKey(ctx: Ctx, input: OneKey): Promise<void> {
  const before = await getControlKey(ctx, input.organization, input.keyId)
  refuseMore(input.by, before.role)
  if (before.revokedAt !== undefined) return
  await commit(ctx, revocationOf(ctx, before))
}

/** What belongs into the commit that ends a key; `reason`: why, when nobody asked for it. */
export function revocationOf(
  ctx: Ctx,
  before: ControlKey,
  reason?: string,
): { readonly operations: readonly WriteOperation[]; readonly audit: AuditEntry } {
  const organization = organizationNamed(before.organizationName)
  const after: ControlKey = { ...before, revokedAt: ctx.clock.now(), version: before.version + 1 }
  return {
    operations: [
      versionedWrite(before, { ...controlKeyKey(organization, before.keyId), ...after }),
      { kind: 'delete', key: secretKey(before.secretSha256) },
      ...(before.mintedBy === undefined
        ? []
        : [{ kind: 'delete' as const, key: mintedKeyKey(before.mintedBy, before.keyId) }]),
    ],
    audit: { ...auditOf('key.revoked', organization, before), ...(reason === undefined ? {} : { reason }) },
  }
}

function refuseMore(by: Role, role: Role): void {
  if (!covers(by, role)) throw ControlKeyFailure.above_own_role('This key may do more than you.')
}

function freshKey(
  ctx: Ctx,
  input: { readonly organization: Organization; readonly role: Role; readonly label: string } & New,
): Minted {
  const secret = `${input.organization.kind === 'vendor' ? 'cvv' : 'cvl'}_${ctx.ids.newToken()}`
  const now = ctx.clock.now()
  const key: ControlKey = {
    keyId: ctx.ids.newId('key'),
    organizationName: organizationName(input.organization),
    role: input.role,
    label: input.label,
    secretSha256: ctx.sha256(secret),
    createdAt: now,
    endsAt: now + KEY_MS,
    ...(input.minter === undefined ? {} : { mintedBy: input.minter }),
    version: 1,
  }
  return { key, secret }
}

function newKeyWrites(organization: Organization, key: ControlKey): readonly WriteOperation[] {
  const { keyId, organizationName, secretSha256, mintedBy, endsAt } = key
  return [
    versionedWrite(undefined, { ...controlKeyKey(organization, keyId), ...key }),
    {
      kind: 'put',
      item: { ...secretKey(secretSha256), keyId, organizationName },
      when: { row: 'absent' },
    },
    ...(mintedBy === undefined
      ? []
      : [
          {
            kind: 'put' as const,
            item: { ...mintedKeyKey(mintedBy, keyId), keyId, organizationName, expiresAt: Math.ceil(endsAt / 1000) },
          },
        ]),
  ]
}

function auditOf(action: string, organization: Organization, { keyId }: ControlKey) {
  return {
    action,
    target: { kind: 'key', id: keyId },
    ...(organization.kind === 'licensee' ? { licenseeId: organization.licenseeId } : {}),
  }
}
