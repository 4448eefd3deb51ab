import type { CleanedWhere, CustomAdapter } from 'better-auth/adapters'
import type { ControlCtx } from '../env.ts'
import type { AuthModel, AuthRow } from './models/model.ts'
import { passkeys } from './models/passkeys.ts'
import { sessionsBy } from './models/sessions.ts'
import { users } from './models/users.ts'
import { verifications } from './models/verifications.ts'

/** No passwords and no other sign-ins: nobody has any. */
const accounts: AuthModel = { find: () => Promise.resolve([]) }

type WayIn = 'link' | 'passkey'

const modelsOf = (signedInBy: WayIn): Readonly<Record<string, AuthModel>> => ({
  user: users,
  session: sessionsBy(signedInBy),
  verification: verifications,
  passkey: passkeys,
  account: accounts,
})

/**
 * better-auth's storage on our table. It asks by one field at a time; what it would need a scan for, or what we do not let it do
 * (make people, change sessions), is a bug that throws. Rows are its own types inside this door only, hence the casts of its generics.
 */
export function tableAdapter(ctx: ControlCtx, wayIn: WayIn): CustomAdapter {
  const models = modelsOf(wayIn)

  async function find(model: string, where: readonly CleanedWhere[] = []): Promise<readonly AuthRow[]> {
    const [clause, ...more] = where
    const rows =
      clause?.operator === 'eq' && more.length === 0 && typeof clause.value === 'string'
        ? modelOf(model).find(ctx, clause.field, clause.value)
        : undefined
    if (rows === undefined)
      throw new Error(
        `sign-in asks ${model} by ${where.map(({ field, operator }) => `${field} ${operator}`).join(', ')}`,
      )
    return rows
  }

  async function removeAll(model: string, where: readonly CleanedWhere[]): Promise<readonly AuthRow[]> {
    const removed: AuthRow[] = []
    for (const row of await find(model, where)) {
      const { remove } = modelOf(model)
      if (remove === undefined) throw new Error(`sign-in may not remove ${model}`)
      if (await remove(ctx, row)) removed.push(row)
    }
    return removed
  }

  function modelOf(model: string): AuthModel {
    const known = models[model]
    if (known === undefined) throw new Error(`sign-in has no ${model}`)
    return known
  }

  return {
    async create<T>({ model, data }: { model: string; data: T & AuthRow }) {
      const { create } = modelOf(model)
      if (create === undefined) throw new Error(`sign-in may not make ${model}`)
      return (await create(ctx, data)) as T
    },
    async findOne<T>({ model, where }: { model: string; where: CleanedWhere[] }) {
      return ((await find(model, where))[0] ?? null) as T | null
    },
    async findMany<T>({ model, where, limit }: { model: string; where?: CleanedWhere[] | undefined; limit: number }) {
      return (await find(model, where)).slice(0, limit) as T[]
    },
    async update<T>({ model, where, update: set }: { model: string; where: CleanedWhere[]; update: T }) {
      const { update } = modelOf(model)
      const [row] = await find(model, where)
      if (update === undefined) throw new Error(`sign-in may not change ${model}`)
      return (row === undefined ? null : await update(ctx, row, set as AuthRow)) as T | null
    },
    async consumeOne<T>({ model, where }: { model: string; where: CleanedWhere[] }) {
      return ((await removeAll(model, where))[0] ?? null) as T | null
    },
    async delete({ model, where }) {
      await removeAll(model, where)
    },
    async deleteMany({ model, where }) {
      return (await removeAll(model, where)).length
    },
    updateMany: ({ model }) => Promise.reject(new Error(`sign-in may not change many of ${model}`)),
    count: ({ model }) => Promise.reject(new Error(`sign-in may not count ${model}`)),
  }
}
