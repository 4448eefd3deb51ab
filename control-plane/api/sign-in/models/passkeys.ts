import * as z from 'zod'
import { commit } from '#control-plane/core/commit.ts'
import { personPartition } from '#control-plane/core/person/person.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { ControlCtx } from '../../env.ts'
import { type AuthModel, type AuthRow, toProcessTime } from './model.ts'

/** Passkeys of one person: devices he owns. */
const PASSKEYS_MAX = 50

/** A public key of somebody's device: nothing secret in it (WebAuthn Level 2, §6.1). */
const Passkey = z.object({
  id: z.string(),
  name: z.string().nullish(),
  publicKey: z.string(),
  userId: z.string(),
  credentialID: z.string(),
  counter: z.number(),
  deviceType: z.string(),
  backedUp: z.boolean(),
  transports: z.string().nullish(),
  aaguid: z.string().nullish(),
  addedAt: z.number(),
})
type Passkey = z.infer<typeof Passkey>

const Pointer = z.object({ credentialSha256: z.string() })

export const passkeys: AuthModel = {
  find(ctx, field, value) {
    if (field === 'credentialID') return found(ctx, ctx.sha256(value))
    if (field === 'id') return found(ctx, value)
    return field === 'userId' ? foundOf(ctx, value) : undefined
  },

  async create(ctx, row) {
    const credentialSha256 = ctx.sha256(z.string().parse(row.credentialID))
    const passkey = Passkey.parse({ ...row, id: credentialSha256, addedAt: ctx.clock.now() })
    await commit(ctx, {
      operations: [
        { kind: 'put', item: { ...keyOf(credentialSha256), ...passkey }, when: { row: 'absent' } },
        { kind: 'put', item: { ...pointerKey(passkey.userId, credentialSha256), credentialSha256 } },
      ],
      audit: { action: 'passkey.added', target: { kind: 'person', id: passkey.userId } },
    })
    return rowOf(ctx, passkey)
  },

  /** Only the counter changes: one that went back is a copied device, and the verification before this refused it. */
  async update(ctx, row, set) {
    const before = Passkey.parse({ ...row, addedAt: 0 })
    const counter = z.number().parse(set.counter)
    await ctx.table.write({
      kind: 'update',
      key: keyOf(before.id),
      set: { counter },
      when: { attribute: 'counter', is: '<=', value: counter },
    })
    return { ...row, counter }
  },
}

function keyOf(credentialSha256: string): TableKey {
  return { pk: `passkey#${credentialSha256}`, sk: 'passkey' }
}

function pointerKey(personId: string, credentialSha256: string): TableKey {
  return { pk: personPartition(personId), sk: `passkey#${credentialSha256}` }
}

async function found(ctx: ControlCtx, credentialSha256: string): Promise<readonly AuthRow[]> {
  const row = await ctx.table.get(keyOf(credentialSha256))
  return row === undefined ? [] : [rowOf(ctx, Passkey.parse(row))]
}

async function foundOf(ctx: ControlCtx, personId: string): Promise<readonly AuthRow[]> {
  const page = await ctx.table.query({
    pk: personPartition(personId),
    sk: { beginsWith: 'passkey#' },
    limit: PASSKEYS_MAX,
  })
  const rows = await Promise.all(page.items.map((item) => found(ctx, Pointer.parse(item).credentialSha256)))
  return rows.flat()
}

function rowOf(ctx: ControlCtx, { addedAt, ...passkey }: Passkey): AuthRow {
  return { ...passkey, createdAt: toProcessTime(ctx, addedAt) }
}
