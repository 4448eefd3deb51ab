import * as z from 'zod'
import type { Money } from '../money/money-context.ts'
import { parseParams } from './params.ts'

/** What a route answers; a `status` other than 200 is kept with its changes, as a declined card's is. */
export type Answer = { readonly status?: number; readonly body: object }

export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Parses before anything is done. */
  readonly parse: (form: unknown) => (money: Money, pathId: string, secondId: string) => Promise<Answer>
}

type Act<S extends z.ZodType> = (
  money: Money,
  input: z.infer<S>,
  pathId: string,
  secondId: string,
) => Promise<Answer | object>

/** One method of one path of Stripe's API; `:id` in the path is given as `pathId`. */
export function route<S extends z.ZodRawShape>(
  method: Route['method'],
  path: string,
  shape: S,
  act: Act<z.ZodObject<S, z.core.$strict>>,
): Route {
  const schema = z.strictObject(shape)
  return {
    method,
    path,
    parse(form) {
      const input = parseParams(schema, form)
      return async (money, pathId, secondId) => {
        const answer = await act(money, input, pathId, secondId)
        return 'body' in answer && typeof answer.body === 'object' && answer.body !== null && !('object' in answer)
          ? { ...answer, body: answer.body }
          : { body: answer }
      }
    },
  }
}
