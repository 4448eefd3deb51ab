import * as z from 'zod'
import { Passkey } from '#control-plane/core/person/passkey.ts'
import { addPasskey, findPasskey, listPasskeys, notePasskeyUse } from '#control-plane/core/person/passkey-store.ts'
import type { ControlCtx } from '../../env.ts'
import { type AuthModel, type AuthRow, toProcessTime } from './model.ts'

export const passkeys: AuthModel = {
  find(ctx, field, value) {
    if (field === 'credentialID') return found(ctx, ctx.sha256(value))
    if (field === 'id') return found(ctx, value)
    return field === 'userId' ? foundOf(ctx, value) : undefined
  },

  async create(ctx, row) {
    const id = ctx.sha256(z.string().parse(row.credentialID))
    const passkey = Passkey.parse({ ...row, id, addedAt: ctx.clock.now() })
    await addPasskey(ctx, passkey)
    return rowOf(ctx, passkey)
  },

  /** Only the counter changes. */
  async update(ctx, row, set) {
    const counter = z.number().parse(set.counter)
    await notePasskeyUse(ctx, z.string().parse(row.id), counter)
    return { ...row, counter }
  },
}

async function found(ctx: ControlCtx, id: string): Promise<readonly AuthRow[]> {
  const passkey = await findPasskey(ctx, id)
  return passkey === undefined ? [] : [rowOf(ctx, passkey)]
}

async function foundOf(ctx: ControlCtx, personId: string): Promise<readonly AuthRow[]> {
  return (await listPasskeys(ctx, personId)).map((passkey) => rowOf(ctx, passkey))
}

function rowOf(ctx: ControlCtx, passkey: Passkey): AuthRow {
  const { addedAt, lastUsedAt: _, ...fields } = passkey
  return { ...fields, createdAt: toProcessTime(ctx, addedAt) }
}
