import * as z from 'zod'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { versionedWrite } from '../versioned-write.ts'
import { normalEmail, Person, personEmailKey, personKey } from './person.ts'

const EmailPointer = z.object({ personId: z.string() })

export async function findPerson(ctx: Ctx, personId: string): Promise<Person | undefined> {
  const row = await ctx.table.get(personKey(personId))
  return row === undefined ? undefined : Person.parse(row)
}

export async function findPersonByEmail(ctx: Ctx, email: string): Promise<Person | undefined> {
  const pointer = await ctx.table.get(personEmailKey(normalEmail(email)))
  return pointer === undefined ? undefined : findPerson(ctx, EmailPointer.parse(pointer).personId)
}

/** The writes of somebody new; they fail when the address has somebody already. */
export function newPersonWrites(person: Person): readonly WriteOperation[] {
  return [
    versionedWrite(undefined, { ...personKey(person.personId), ...person }),
    {
      kind: 'put',
      item: { ...personEmailKey(person.email), personId: person.personId },
      when: { row: 'absent' },
    },
  ]
}
