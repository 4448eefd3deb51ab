import type { Person } from '#control-plane/core/person/person.ts'
import { findPerson, findPersonByEmail } from '#control-plane/core/person/person-store.ts'
import type { ControlCtx } from '../../env.ts'
import { type AuthModel, type AuthRow, toProcessTime } from './model.ts'

/** People are made by invitation, never by better-auth. */
export const users: AuthModel = {
  find(ctx, field, value) {
    if (field === 'id') return rowsOf(ctx, findPerson(ctx, value))
    if (field === 'email') return rowsOf(ctx, findPersonByEmail(ctx, value))
    return undefined
  },
}

async function rowsOf(ctx: ControlCtx, found: Promise<Person | undefined>): Promise<readonly AuthRow[]> {
  const person = await found
  if (person === undefined) return []
  const at = toProcessTime(ctx, person.createdAt)
  // Nobody can get anything into a person's row before he has proven his address, so there is nothing to revoke when he does.
  return [
    { id: person.personId, email: person.email, name: person.name, emailVerified: true, createdAt: at, updatedAt: at },
  ]
}
