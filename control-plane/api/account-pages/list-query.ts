import type { Context } from 'hono'
import { OwnedPageQuery } from '#shared/contracts/control-api.ts'
import type { ApiEnv } from '../env.ts'
import { ApiFailure } from '../problem.ts'

/** Of what a page of a list was asked; the API's own contract. Throws `api.invalid`. */
export function listQuery(c: Context<ApiEnv>) {
  const { success, data } = OwnedPageQuery.safeParse(c.req.query())
  if (!success) throw ApiFailure.invalid('There is no such page of this list.')
  return data
}

/** Where the list goes on. */
export function nextPathOf(c: Context<ApiEnv>, next: string | undefined): string | undefined {
  if (next === undefined) return undefined
  const { licensee_id } = listQuery(c)
  const query = new URLSearchParams({ ...(licensee_id === undefined ? {} : { licensee_id }), after: next })
  return `${c.req.path}?${query}`
}
