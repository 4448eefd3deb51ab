import * as z from 'zod'
import { Problem } from '#shared/contracts/api.ts'

const problemContent = { 'application/problem+json': { schema: Problem } }

/** The refusals that every route may answer with. */
export const refusals = {
  401: { description: 'Neither a valid key nor a session.', content: problemContent },
  403: { description: 'The role may not do this.', content: problemContent },
  404: { description: 'There is no such thing, or it is not yours.', content: problemContent },
  409: { description: 'It cannot be done in this state.', content: problemContent },
  422: { description: 'The request does not fit the contract.', content: problemContent },
  429: { description: 'Too many; `Retry-After` says when.', content: problemContent },
} as const

/** A JSON answer of one contract schema. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** A JSON body of one contract schema. */
export function body<T extends z.ZodType>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } } as const
}

export const idempotencyHeader = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() })

/** `{data, has_more, next_cursor}` of a page of views. */
export function pageView<T>(data: readonly T[], next: string | undefined) {
  return { data, has_more: next !== undefined, ...(next === undefined ? {} : { next_cursor: next }) }
}
