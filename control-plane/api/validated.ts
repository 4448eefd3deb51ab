import type { Hook } from '@hono/zod-openapi'
import type { ApiEnv } from './env.ts'
import { invalid } from './problem.ts'

/** What every resource does with a request that does not fit: problem+json with the places and reasons. */
export const validated: Hook<unknown, ApiEnv, string, Response | undefined> = (result, c) =>
  result.success ? undefined : invalid(c, result.error)
