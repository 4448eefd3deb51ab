import * as z from 'zod'
import type { Attempt } from './attempts.ts'
import type { BenchPlane } from './bench-plane.ts'
import type { World } from './world.ts'

type Answer = { readonly status: number; readonly text: string }

/** Why an attempt is a hole; undefined: it was refused as it must be, or told nothing foreign. */
export async function judge(plane: BenchPlane, world: World, attempt: Attempt): Promise<string | undefined> {
  const isWrite = attempt.operation.method !== 'GET'
  const before = isWrite ? await world.foreignRows() : ''
  const foreign = await ask(plane, attempt, attempt.foreign)
  const refusal = refusalOf(attempt)
  if (refusal !== undefined && foreign.status !== refusal)
    return `must be refused with ${refusal}, was answered ${foreign.status}`
  const leaked = world.canaries.find((canary) => foreign.text.includes(canary))
  if (leaked !== undefined) return `the answer says ${leaked}`
  if (isWrite && (await world.foreignRows()) !== before) return 'a row of another licensee has changed'
  const isRefused = foreign.status >= 400 || attempt.place === 'path'
  // A change of one's own that went through is not asked for twice.
  if (!isRefused && isWrite) return undefined
  const twin = await ask(plane, attempt, attempt.twin)
  // Lists of one's own may grow between two requests: the audit log does.
  const isTold = twin.status !== foreign.status || (isRefused && twin.text !== foreign.text)
  return isTold ? `is told apart from what does not exist: ${foreign.status} and ${twin.status}` : undefined
}

/** With which status whoever asks must be refused, whatever he asks for. */
function refusalOf({ asker, operation }: Attempt): number | undefined {
  const { expected, method } = operation
  if (asker.role === undefined) return operation.isPage === true ? 303 : 401
  if (asker.isWithoutPasskey === true) return operation.isPage === true ? 303 : 403
  const isWrite = method !== 'GET'
  if (isWrite && asker.isForeignPage === true) return 403
  if (isWrite && asker.isReadOnly === true && expected.isAboutOneself !== true) return 403
  return expected.roles.includes(asker.role) ? undefined : 403
}

const Problem = z.looseObject({ request_id: z.string() })

/** The answer without what differs from request to request. */
async function ask(plane: BenchPlane, { asker }: Attempt, built: Attempt['foreign']): Promise<Answer> {
  await asker.restore()
  const response = await plane.request(built.path, built.init)
  const text = await response.text()
  if (response.headers.get('content-type') !== 'application/problem+json') return { status: response.status, text }
  const { request_id: _, ...rest } = Problem.parse(JSON.parse(text))
  return { status: response.status, text: JSON.stringify(rest) }
}
