import type { Context } from 'hono'
import type * as z from 'zod'
import type { ApiEnv } from '../env.ts'
import { ApiFailure } from '../problem.ts'

/** A form of our pages; whoever sends another one is answered 422. */
export async function formOf<T>(c: Context<ApiEnv>, schema: z.ZodType<T>): Promise<T> {
  return fitting(schema, await c.req.parseBody())
}

/** JSON of our script. */
export async function jsonOf<T>(c: Context<ApiEnv>, schema: z.ZodType<T>): Promise<T> {
  try {
    return fitting(schema, await c.req.json())
  } catch (error) {
    if (error instanceof SyntaxError) throw ApiFailure.invalid('This is not JSON.')
    throw error
  }
}

function fitting<T>(schema: z.ZodType<T>, value: unknown): T {
  const { data, success } = schema.safeParse(value)
  if (!success) throw ApiFailure.invalid('The request does not fit the contract.')
  return data
}
