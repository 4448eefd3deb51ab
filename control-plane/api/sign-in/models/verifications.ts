import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { ControlCtx } from '../../env.ts'
import { type AuthModel, type AuthRow, toOurTime, toProcessTime } from './model.ts'

const NewVerification = z.object({ identifier: z.string(), value: z.string(), expiresAt: z.date() })
const Stored = z.object({ value: z.string(), endsAt: z.number(), createdAt: z.number() })

/** Single-use tokens and challenges. What names one is hashed, so its row's id is the hash of its name. */
export const verifications: AuthModel = {
  find(ctx, field, value) {
    if (field === 'identifier') return found(ctx, ctx.sha256(value), value)
    return field === 'id' ? found(ctx, value, undefined) : undefined
  },

  async create(ctx, row) {
    const { identifier, value, expiresAt } = NewVerification.parse(row)
    const id = ctx.sha256(identifier)
    const endsAt = toOurTime(ctx, expiresAt)
    await ctx.table.write({
      kind: 'put',
      item: { ...keyOf(id), value, endsAt, createdAt: ctx.clock.now(), expiresAt: Math.ceil(endsAt / 1000) },
      when: { row: 'absent' },
    })
    return { ...row, id }
  },

  async remove(ctx, { id }) {
    if (typeof id !== 'string') return false
    try {
      await ctx.table.write({ kind: 'delete', key: keyOf(id), when: { row: 'present' } })
      return true
    } catch (error) {
      if (isFailure(error, 'table.condition_failed')) return false
      throw error
    }
  },
}

function keyOf(id: string): TableKey {
  return { pk: `verification#${id}`, sk: 'verification' }
}

async function found(ctx: ControlCtx, id: string, identifier: string | undefined): Promise<readonly AuthRow[]> {
  const row = await ctx.table.get(keyOf(id))
  if (row === undefined) return []
  const { value, endsAt, createdAt } = Stored.parse(row)
  if (endsAt <= ctx.clock.now()) return []
  const at = toProcessTime(ctx, createdAt)
  return [
    { id, identifier: identifier ?? id, value, expiresAt: toProcessTime(ctx, endsAt), createdAt: at, updatedAt: at },
  ]
}
