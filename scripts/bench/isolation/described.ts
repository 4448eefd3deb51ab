import * as z from 'zod'
import type { BenchPlane } from './bench-plane.ts'
import { EXPECTED, type Expected } from './operations.ts'

export type Operation = {
  readonly operationId: string
  readonly method: string
  /** `/tenants/{tenantId}/run` */
  readonly path: string
  readonly parameters: readonly string[]
  readonly takesBody: boolean
  readonly isList: boolean
  readonly expected: Expected
  /** For people: outside `/v1`, and whoever is nobody is sent to the sign-in. */
  readonly isPage?: true
}

const Document = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        requestBody: z.unknown().optional(),
        parameters: z.array(z.object({ name: z.string(), in: z.string() })).optional(),
      }),
    ),
  ),
})

/** Every operation of the API's own description; throws when the expectations know more or fewer. */
export async function describedOperations(plane: BenchPlane): Promise<readonly Operation[]> {
  const response = await plane.request('/v1/openapi.json', {})
  const { paths } = Document.parse(await response.json())
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, requestBody, parameters = [] }]): Operation => {
      const expected = EXPECTED[operationId]
      if (expected === undefined) throw new Error(`the isolation bench expects nothing of ${operationId} yet`)
      return {
        operationId,
        method: method.toUpperCase(),
        path,
        parameters: parameters.filter((each) => each.in === 'path').map(({ name }) => name),
        takesBody: requestBody !== undefined,
        isList: parameters.some(({ name }) => name === 'after'),
        expected,
      }
    }),
  )
  const missing = Object.keys(EXPECTED).filter((name) => operations.every(({ operationId }) => operationId !== name))
  if (missing.length > 0) throw new Error(`the API has no ${missing.join(', ')}`)
  return operations
}
