import { LICENCE_LIMITS } from '#shared/contracts/licence-terms.ts'
import type { AttributeValue } from '#shared/platform/table.ts'

/** Limits of one organizer; null: the domain's; absent: as they are. */
export type OwnLimits = { readonly [name in (typeof LICENCE_LIMITS)[number]]?: number | null | undefined }

/** What a registration or change writes to an organizer's row: each field by itself, so that two changes of different ones both hold. */
export function organizerUpdate({
  name,
  limits = {},
}: {
  readonly name?: string | undefined
  readonly limits?: OwnLimits | undefined
}) {
  const set: Record<string, AttributeValue> = name === undefined ? {} : { name }
  const remove: string[] = []
  for (const limitName of LICENCE_LIMITS) {
    const limit = limits[limitName]
    if (limit === null) remove.push(limitName)
    else if (limit !== undefined) set[limitName] = limit
  }
  return { set, remove }
}
