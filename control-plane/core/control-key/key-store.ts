import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { type Organization, organizationNamed, organizationPartition } from '../person/organization.ts'
import { personPartition } from '../person/person.ts'
import {
  CONTROL_SECRET,
  ControlKey,
  ControlKeyFailure,
  controlKeyKey,
  isLive,
  type Minter,
  secretKey,
} from './control-key.ts'

/** A busy key's last use is written this seldom. */
const USED_EVERY_MS = 60_000

const Pointer = z.object({ keyId: z.string(), organizationName: z.string() })

/** Throws `key.not_found` for keys of other organizations, whether they exist or not. */
export async function getControlKey(ctx: Ctx, organization: Organization, keyId: string): Promise<ControlKey> {
  const row = await ctx.table.get(controlKeyKey(organization, keyId))
  if (row === undefined) throw ControlKeyFailure.not_found('There is no such key.')
  return ControlKey.parse(row)
}

/** The live key of a presented secret; undefined for anything else. */
export async function findControlKey(ctx: Ctx, secret: string): Promise<ControlKey | undefined> {
  if (!CONTROL_SECRET.test(secret)) return undefined
  const row = await ctx.table.get(secretKey(ctx.sha256(secret)))
  if (row === undefined) return undefined
  const { keyId, organizationName } = Pointer.parse(row)
  const key = await getControlKey(ctx, organizationNamed(organizationName), keyId)
  return isLive(ctx, key) ? key : undefined
}

/** Keys of one person that are looked at in one go. */
const MINTED_A_PAGE = 100

/** What a person minted as a member of an organization and is live, wherever it acts. */
export async function keysMintedBy(ctx: Ctx, minter: Pick<Minter, 'personId' | 'organizationName'>) {
  const keys: ControlKey[] = []
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      pk: personPartition(minter.personId),
      sk: { beginsWith: 'minted-key#' },
      limit: MINTED_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const item of page.items) {
      const { keyId, organizationName } = Pointer.parse(item)
      const key = await getControlKey(ctx, organizationNamed(organizationName), keyId)
      if (isLive(ctx, key) && key.mintedBy?.organizationName === minter.organizationName) keys.push(key)
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return keys
}

/** Notes that a key was used, once a minute; a note lost to another change of the key is no loss. */
export async function noteUse(ctx: Ctx, key: ControlKey): Promise<void> {
  const now = ctx.clock.now()
  if (key.lastUsedAt !== undefined && now - key.lastUsedAt < USED_EVERY_MS) return
  try {
    await ctx.table.write({
      kind: 'update',
      key: controlKeyKey(organizationNamed(key.organizationName), key.keyId),
      set: { lastUsedAt: now },
      when: { attribute: 'version', is: '=', value: key.version },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
  }
}

/** A page of an organization's keys, revoked ones among them. */
export async function listControlKeys(
  ctx: Ctx,
  query: { readonly organization: Organization; readonly limit: number; readonly after?: string },
): Promise<{ readonly keys: readonly ControlKey[]; readonly next?: string }> {
  const page = await ctx.table.query({
    pk: organizationPartition(query.organization),
    sk: { beginsWith: 'control-key#' },
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  return {
    keys: page.items.map((item) => ControlKey.parse(item)),
    ...(page.cursor === undefined ? {} : { next: page.cursor }),
  }
}
