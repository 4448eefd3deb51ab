import { KINDS } from '../state/kinds.ts'
import type { Kind, Listed, ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { isInRange, type Range } from './params.ts'
import { refuse } from './refusal.ts'

export type Paging = {
  readonly limit?: number
  readonly starting_after?: string
  readonly ending_before?: string
  readonly created?: Range
}

/** Stripe's page sizes. */
const LIMIT_DEFAULT = 10
const LIMIT_MAX = 100

/** One page of a kind, newest first. */
export async function listAnswer<K extends Kind>(
  unit: Unit,
  kind: K,
  paging: Paging,
  owner?: string,
  isWanted: (kept: ObjectOf<K>) => boolean = () => true,
): Promise<Listed<ObjectOf<K>>> {
  const limit = paging.limit ?? LIMIT_DEFAULT
  if (limit < 1 || limit > LIMIT_MAX)
    throw refuse.invalid(`This value must be between 1 and ${LIMIT_MAX}.`, { param: 'limit' })
  for (const [param, objectId] of [
    ['starting_after', paging.starting_after],
    ['ending_before', paging.ending_before],
  ] as const)
    if (objectId !== undefined) await unit.need(kind, objectId, param)
  const isWantedHere = (kept: ObjectOf<K>) => isInRange(createdOf(kept), paging.created) && isWanted(kept)
  const { data, hasMore } = await unit.list(
    kind,
    {
      limit,
      ...(owner === undefined ? {} : { owner }),
      ...(paging.starting_after === undefined ? {} : { startingAfter: paging.starting_after }),
      ...(paging.ending_before === undefined ? {} : { endingBefore: paging.ending_before }),
    },
    isWantedHere,
  )
  return { object: 'list', data, has_more: hasMore, url: KINDS[kind].path }
}

function createdOf(kept: ObjectOf<Kind>): number {
  return 'created' in kept ? kept.created : 0
}

export function listOf<T>(data: readonly T[], url: string): Listed<T> {
  return { object: 'list', data, has_more: false, url }
}
