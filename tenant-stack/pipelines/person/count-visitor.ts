import type { Ctx } from '#tenant-stack/core/context.ts'
import { isNamedInBytes } from '#tenant-stack/core/person/named-in-bytes.ts'
import type { Person } from '#tenant-stack/core/person/person.ts'
import { planRow } from '#tenant-stack/core/person/plan-row.ts'
import { kindOfRow, type PersonKind } from '#tenant-stack/core/person/row-kind.ts'
import { findBlob } from './find-blob.ts'
import { nothing, type Visitor } from './visitor.ts'

/** Tells what an erasure would find, and changes nothing. */
export function countVisitor(ctx: Ctx, person: Person): Visitor {
  return {
    async rows(items) {
      const kinds = items.flatMap((item) => {
        const kind = kindOfRow(ctx, person, item)
        return kind === undefined || planRow(person, kind, item, 0) === undefined ? [] : [kind]
      })
      return { isDirty: kinds.length > 0, kinds }
    },
    async blob(key) {
      const bytes = await findBlob(ctx, key)
      return bytes === undefined || !isNamedInBytes(person, bytes)
        ? nothing
        : { isDirty: true, kinds: [kindOfBlob(key)] }
    },
    // Copies of what was sent are counted when they are blanked.
    sent: async () => nothing,
  }
}

export function kindOfBlob(key: string): PersonKind {
  if (key.startsWith('inbound/')) return 'mail_files'
  return key.startsWith('lists/') ? 'list_files' : 'event_files'
}
