import type * as z from 'zod'
import { Problem } from '#shared/contracts/api.ts'

const problemContent = { 'application/problem+json': { schema: Problem } }

/** The refusals that every route may answer with. */
export const refusals = {
  401: { description: 'No key, or not a valid one.', content: problemContent },
  403: {
    description: 'The key lacks the scope, or the licence is not in force (`licence.suspended`).',
    content: problemContent,
  },
  404: { description: 'There is no such thing, or it is not yours.', content: problemContent },
  422: { description: 'The request does not fit the contract.', content: problemContent },
} as const

/** A JSON answer of one contract schema. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

export const conflict = { 409: { description: 'It cannot be done in this state.', content: problemContent } } as const

export const changedMeanwhile = {
  412: { description: 'It is not as `If-Match` says any more; read it again.', content: problemContent },
} as const

export const tooMany = { 429: { description: 'It was asked for too often today.', content: problemContent } } as const
